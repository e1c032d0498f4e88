/* BCP 47 tags -> eSpeak NG's names. */
#include "cast/cast.h"

#include <stdint.h>

#include "base/table.h"

/* Lower-case tag, tab, identifier of eSpeak NG's voice; sorted by bytes. From the `language` lines of the voice files of
 * eSpeak NG 1.51, plus regions and macro-languages (ISO 639-3) that they do not name. */
EMBED(languages, CRIER_SOURCE_DIR "/cast/data/languages.tsv")

#define TAG_MAX 63

struct str cast_espeak_language(struct arena *arena, struct str tag)
{
    char lower[TAG_MAX + 1];
    size_t len = tag.len < TAG_MAX ? tag.len : TAG_MAX;
    for (size_t i = 0; i < len; i++) {
        char c = tag.data[i];
        lower[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    for (struct str key = {lower, len}; key.len;) {
        struct str identifier;
        if (table_find(languages(), key, &identifier))
            return identifier;
        while (key.len && key.data[key.len - 1] != '-')
            key.len--;
        if (key.len)
            key.len--;
    }
    return arena_copy(arena, (struct str){lower, len});
}
