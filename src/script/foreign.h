/* Inside the script stage: who speaks a quotation in languages whose grammar the rules for English do not know.
 *
 * A verb of saying right beside the quotation, or between commas within it, and a name right beside the verb: « ... », explique
 * la maire, Solenn Abgrall; „...“, sagt Karin Holtz; NAME sagte: „...“; «...», — говорит NAME; "...," NAME ने कहा. Anything else
 * names nobody. */
#ifndef CRIER_SCRIPT_FOREIGN_H
#define CRIER_SCRIPT_FOREIGN_H

#include "script/quotation.h"

struct foreign_cue {
    struct str name;    /* as written; "" where a pronoun or nobody is named */
    enum gender gender; /* of a pronoun, or as verb and surname tell */
    bool pronoun;
    bool single; /* one word that may be a noun or start a sentence: only a name where the article has it elsewhere */
};

/* The cue of `quotation` in `language`, a BCP 47 tag; `previous` is the quotation before it in the article, or NULL, and `next`
 * the one behind. False where there is none, or no table for the language. Linear in the text looked at: a few words. */
bool foreign_cue(const struct article *article, const struct quotation *previous, const struct quotation *quotation,
                 const struct quotation *next, struct arena *arena, struct foreign_cue *cue);

#endif
