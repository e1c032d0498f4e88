#include "studio/pauses.h"

/* How long a good reader is silent.
 *
 * Campione and Véronis (A large-scale multilingual study of silent pause duration, Speech Prosody 2002) find three kinds of
 * pauses in 5.5 hours of speech: brief (under 200 ms), medium (200 to 1000 ms) and long (over 1000 ms); readers use the first
 * two inside a text. Goldman-Eisler (Psycholinguistics, 1968) ties the longer ones of readers to the ends of sentences;
 * den Ouden, Noordman and Terken (Speech Communication 51, 2009) show for news read aloud that the pause grows with the rank of
 * the boundary, which is what tells a listener without a page where he is. Between speakers the most usual gap is
 * about 200 ms (Heldner and Edlund, Journal of Phonetics 38, 2010). Broadcasters treat two seconds of silence as a fault.
 * So: brief for a change of voice, medium and rising up to the paragraph, long only where a chapter begins. A chapter's pause
 * also holds a whole second with a quarter of one on both sides (see edition_start_chapter), for which 1.6 s are always enough.
 */
static const int normal_ms[BOUNDARY_COUNT] = {
    [BOUNDARY_VOICE] = 200,   [BOUNDARY_SENTENCE] = 400, [BOUNDARY_ITEM] = 500,     [BOUNDARY_PARAGRAPH] = 700,
    [BOUNDARY_HEADING] = 700, [BOUNDARY_SECTION] = 1600, [BOUNDARY_ARTICLE] = 1800,
};

int pause_ms(enum boundary boundary, double rate_factor)
{
    double ms = normal_ms[boundary] / (rate_factor > 0 ? rate_factor : 1.0);
    return ms < 40 ? 40 : ms > 2000 ? 2000 : (int)(ms + 0.5);
}
