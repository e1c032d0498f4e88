/* Front matter: the bytes stand between two lines of "---", an article follows. */
#include "pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer text = {0};
    buffer_c_string(&text, "---\n");
    buffer_append(&text, data, size);
    buffer_c_string(&text, "\n---\n\n# A Night on the River\n\n“We waited,” said Anna Morozov. Nobody came.\n");
    fuzz_article(buffer_view(&text), size % 2 ? ARTICLE_MARKDOWN : ARTICLE_PLAIN);
    buffer_release(&text);
    return 0;
}
