#include "article/language.h"

#include <string.h>

#include "base/utf8.h"

#define LOOK_AT ((size_t)64 * 1024) /* bytes from the start: enough for any certainty */
#define LONGEST_WORD 15

/* Small words that no neighbour in the list shares too many of; a space on both sides of each. */
static const struct {
    const char *tag, *words;
} latin[] = {
    {"en", " the of and to in is that was for it with as his on be at by had not are but from or have an they which you were her "
           "all she "
           "there would their we him been has when who will no if out so said "},
    {"de",
     " der die und das von zu den mit ist des im für nicht auf ein eine sich dem auch als er sie es an wird aus bei nach wie hat "
     "einen war einer über werden zum zur sind noch nur oder aber dass "},
    {"fr", " le la les des et du en un une que est pour dans qui pas sur par au plus ne se ce il elle sont avec aux son mais ou "
           "nous vous "
           "cette ont été leur comme être "},
    {"es", " el la de que y los las del se un por con una para es al lo como más pero sus le ha este sí porque esta entre cuando "
           "muy sin sobre "
           "también me hasta hay donde "},
    {"it", " di che il la e per un una non sono del con si da come della le più dei nel alla ma gli al anche ha lo questo delle "
           "ed era nella "
           "loro dal sul "},
    {"nl", " de het een van en in is dat op te zijn met voor niet aan er om ook als maar bij door naar uit dan nog wel heeft "
           "worden deze "
           "hij zij wordt was over "},
    {"pt", " de que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos "
           "já também "
           "só pelo pela até isso foi são "},
    {"pl", " w i na się z nie to że do jest o jak za od po przez ale dla co który które był tym tylko ich jego może już przy "
           "oraz ze są "
           "została "},
    {"sv", " och att det som en är av för på med den till inte har om ett var jag de men vi så kan från när hade ska där "},
    {"cs", " se na je že to v si do jako za pro ale by jsou jsem když již nebo který která podle také byl při od po jeho "},
    {"tr", " ve bir bu da de için ile çok gibi daha olarak olan sonra kadar ama en ne her değil olduğu "},
    {"ro", " și de la în a că nu cu pe din o un pentru este mai au sunt care se să fost lui prin "},
};
#define N_LATIN (sizeof latin / sizeof *latin)

struct scripts {
    size_t latin, cyrillic, greek, arabic, hebrew, devanagari, bengali, thai, kana, hangul, han, other;
    size_t ukrainian, russian, persian; /* letters that only one of the script's languages has */
};

static void count_letter(struct scripts *n, unsigned c)
{
    if (c < 0x250 || (c >= 0x1E00 && c < 0x1F00)) {
        n->latin++;
    } else if (c >= 0x370 && c < 0x400) {
        n->greek++;
    } else if (c >= 0x400 && c < 0x530) {
        n->cyrillic++;
        n->ukrainian += c == 0x456 || c == 0x457 || c == 0x454 || c == 0x491;
        n->russian += c == 0x44B || c == 0x44D || c == 0x451;
    } else if (c >= 0x590 && c < 0x600) {
        n->hebrew++;
    } else if (c >= 0x600 && c < 0x780) {
        n->arabic++;
        n->persian += c == 0x67E || c == 0x686 || c == 0x6AF || c == 0x6CC || c == 0x6A9;
    } else if (c >= 0x900 && c < 0x980) {
        n->devanagari++;
    } else if (c >= 0x980 && c < 0xA00) {
        n->bengali++;
    } else if (c >= 0xE00 && c < 0xE80) {
        n->thai++;
    } else if (c >= 0x3040 && c < 0x3100) {
        n->kana++;
    } else if ((c >= 0xAC00 && c < 0xD7B0) || (c >= 0x1100 && c < 0x1200)) {
        n->hangul++;
    } else if ((c >= 0x3400 && c < 0xA000) || (c >= 0x20000 && c < 0x32000)) {
        n->han++;
    } else {
        n->other++;
    }
}

static void count_word(size_t hits[N_LATIN], const char *word, size_t len)
{
    char key[LONGEST_WORD * 4 + 3];
    key[0] = ' ';
    memcpy(key + 1, word, len);
    key[len + 1] = ' ';
    key[len + 2] = '\0';
    for (size_t i = 0; i < N_LATIN; i++)
        hits[i] += strstr(latin[i].words, key) != NULL;
}

/* The language whose small words are many, and clearly more than the next one's. */
static const char *best_latin(const size_t hits[N_LATIN], size_t words)
{
    size_t best = 0, second = 0;
    for (size_t i = 1; i < N_LATIN; i++) {
        if (hits[i] > hits[best]) {
            second = hits[best];
            best = i;
        } else if (hits[i] > second) {
            second = hits[i];
        }
    }
    /* English is by far the commonest, and a few foreign names or addresses must not make a note foreign. */
    bool english = best == 0;
    bool many = hits[best] >= (english ? 3 : 6) && hits[best] * 100 >= words * (english ? 12 : 16);
    return many && hits[best] * 10 >= second * (english ? 12 : 15) ? latin[best].tag : "";
}

static const char *by_script(const struct scripts *n)
{
    size_t letters = n->latin + n->cyrillic + n->greek + n->arabic + n->hebrew + n->devanagari + n->bengali + n->thai + n->kana +
                     n->hangul + n->han + n->other;
    if (letters < 2)
        return "";
    if ((n->kana + n->han) * 2 > letters) /* Japanese news is at least a quarter kana */
        return n->kana * 10 > n->han ? "ja" : "zh";
    if (n->hangul * 2 > letters)
        return "ko";
    if (n->cyrillic * 2 > letters)
        return n->ukrainian > n->russian ? "uk" : n->russian * 200 >= n->cyrillic ? "ru" : "";
    if (n->greek * 2 > letters)
        return "el";
    if (n->arabic * 2 > letters)
        return n->persian * 50 > n->arabic ? "fa" : "ar";
    if (n->hebrew * 2 > letters)
        return "he";
    if (n->devanagari * 2 > letters)
        return "hi";
    if (n->bengali * 2 > letters)
        return "bn";
    return n->thai * 2 > letters ? "th" : NULL;
}

struct str language_guess(struct str text)
{
    struct scripts scripts = {0};
    size_t hits[N_LATIN] = {0}, words = 0, len = 0;
    char word[LONGEST_WORD * 4];
    bool too_long = false;
    for (size_t at = 0; at < text.len && at < LOOK_AT;) {
        unsigned c = utf8_decode(text, at, &at);
        if (uni_is_letter(c)) {
            count_letter(&scripts, uni_to_lower(c));
            too_long |= len + 4 > sizeof word;
            if (!too_long)
                len += utf8_encode(uni_to_lower(c), word + len);
            continue;
        }
        if (len) {
            words++;
            if (!too_long)
                count_word(hits, word, len);
        }
        len = 0;
        too_long = false;
    }
    if (len && !too_long) {
        words++;
        count_word(hits, word, len);
    }
    const char *tag = by_script(&scripts);
    return str_from(tag ? tag : best_latin(hits, words));
}
