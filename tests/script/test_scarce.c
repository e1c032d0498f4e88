/* Memory runs out while a script is made, written as JSON and as text, and read back. */
#include "scarce.h"

#include "base/buffer.h"
#include "script/script.h"

static const char text[] =
    "The harbour lights\n\nBy Jane Doe\n\nThe last keeper, Tom Brandt, left in 1998. “We had to turn people away,” said Klara "
    "Brandt, "
    "his sister, who is 51. “It was hard,” she added.\n\nWHAT COMES NEXT\n\nAccording to the ministry, “nothing is decided yet”. "
    "“I do not know,” he said. “Ask the council.”\n\nQ. Are you sure?\n\nA. Yes, I am. The council’s spokesman, Dr. Adam Roe, "
    "agreed: "
    "“We are.”\n\nNous avons, dit-elle, « tout le temps ».\n";

static uint64_t digest_of(const struct buffer *buffer)
{
    uint64_t digest = buffer->len;
    for (size_t i = 0; i < buffer->len; i++)
        digest = (digest ^ (unsigned char)buffer->data[i]) * 0x100000001B3u;
    return digest;
}

enum output { AS_JSON, AS_TEXT };

static enum status write_script(const struct script *script, enum output output, uint64_t *digest, struct problem *problem)
{
    struct buffer out = {0};
    enum status status =
        output == AS_JSON ? script_write_json(script, NULL, NULL, &out) : script_write_text(script, NULL, NULL, &out);
    *digest = digest_of(&out);
    buffer_release(&out);
    return status == STATUS_NO_MEMORY ? problem_no_memory(problem) : status;
}

static enum status make(void *context, uint64_t *digest, struct problem *problem)
{
    const enum output *output = context;
    struct article article = {0};
    struct script script = {0};
    enum status status = article_parse(&article, str_from(text), "article.txt", NULL, problem);
    if (status == STATUS_OK)
        status = script_make(&script, &article, NULL, problem);
    if (status == STATUS_OK)
        status = write_script(&script, *output, digest, problem);
    script_release(&script);
    article_release(&article);
    return status;
}

static enum status read_back(void *context, uint64_t *digest, struct problem *problem)
{
    const struct buffer *form = context;
    struct article article = {0};
    struct script script = {0};
    enum status status = script_read_text(&script, &article, buffer_view(form), "form", NULL, problem);
    if (status == STATUS_OK)
        status = write_script(&script, AS_JSON, digest, problem);
    script_release(&script);
    article_release(&article);
    return status;
}

int main(int argc, char **argv)
{
    enum output output = AS_JSON;
    scarce_arguments(argc, argv);
    scarce_each("script and JSON", make, &output, 10);
    output = AS_TEXT;
    scarce_each("script and text form", make, &output, 10);

    struct article article;
    struct script script;
    struct buffer form = {0};
    if (article_parse(&article, str_from(text), "article.txt", NULL, NULL) != STATUS_OK ||
        script_make(&script, &article, NULL, NULL) != STATUS_OK || script_write_text(&script, NULL, NULL, &form) != STATUS_OK)
        return 1;
    script_release(&script);
    article_release(&article);
    scarce_each("text form read back", read_back, &form, 10);
    buffer_release(&form);
    return 0;
}
