/* language: which language a text is in, for those that do not say. */
#ifndef CRIER_ARTICLE_LANGUAGE_H
#define CRIER_ARTICLE_LANGUAGE_H

#include "base/str.h"

/* "en", "de", "zh" ... by script and by the commonest small words of its beginning; "" if unsure. Static memory. */
struct str language_guess(struct str text);

#endif
