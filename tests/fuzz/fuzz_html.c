/* A saved web page. */
#include "pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_article(fuzz_str(data, size), ARTICLE_HTML);
    return 0;
}
