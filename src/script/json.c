/* The script as JSON. Written by hand into a buffer: the shape is fixed and small, and a tree of a million nodes would cost
 * more than all the rest of the stage. A byline's segment is called "narration" here: readers of the contract know no other
 * kind for it. */
#include "base/utf8.h"
#include "script/script.h"

static void write_string(struct buffer *out, struct str s)
{
    size_t plain = 0, next;
    buffer_byte(out, '"');
    for (size_t at = 0; at < s.len; at = next) {
        unsigned char b = (unsigned char)s.data[at];
        next = at + 1;
        if (b >= 0x20 && b < 0x80 && b != '"' && b != '\\' && b != 0x7F)
            continue;
        unsigned c = utf8_decode(s, at, &next);
        if (b >= 0x80 && !(c == UTF8_REPLACEMENT && next - at == 1))
            continue;
        buffer_append(out, s.data + plain, at - plain);
        plain = next;
        switch (c) {
        case '"': buffer_c_string(out, "\\\""); break;
        case '\\': buffer_c_string(out, "\\\\"); break;
        case '\n': buffer_c_string(out, "\\n"); break;
        case '\t': buffer_c_string(out, "\\t"); break;
        case '\r': buffer_c_string(out, "\\r"); break;
        default:
            if (c < 0x80)
                buffer_format(out, "\\u%04x", c);
            else
                buffer_code_point(out, UTF8_REPLACEMENT);
        }
    }
    if (s.len > plain)
        buffer_append(out, s.data + plain, s.len - plain);
    buffer_byte(out, '"');
}

static void write_name(struct buffer *out, const char *name)
{
    buffer_byte(out, '"');
    buffer_c_string(out, name);
    buffer_c_string(out, "\": ");
}

static void write_member(struct buffer *out, const char *name, struct str s)
{
    write_name(out, name);
    write_string(out, s);
}

/* printf would be a third of the writer's time. */
static void write_number(struct buffer *out, const char *name, size_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    write_name(out, name);
    buffer_append(out, digits + at, sizeof digits - at);
}

static void write_or_null(struct buffer *out, const char *name, struct str s)
{
    if (s.len)
        write_member(out, name, s);
    else {
        write_name(out, name);
        buffer_c_string(out, "null");
    }
}

static void write_sentence(struct buffer *out, const struct sentence *sentence)
{
    buffer_c_string(out, "        {");
    write_member(out, "text", sentence->text);
    buffer_c_string(out, ", ");
    write_member(out, "spoken", sentence->spoken.words);
    buffer_c_string(out, ", ");
    write_number(out, "start", sentence->source_start);
    buffer_c_string(out, ", ");
    write_number(out, "end", sentence->source_end);
    buffer_byte(out, '}');
}

/* A confidence with two decimals, the same in every locale. */
static void write_confidence(struct buffer *out, double confidence)
{
    int hundredths = confidence >= 1 ? 100 : confidence <= 0 ? 0 : (int)(confidence * 100 + 0.5);
    buffer_format(out, "%d.%02d", hundredths / 100, hundredths % 100);
}

static void write_segment(struct buffer *out, const struct script *script, const struct segment *segment, struct str voice)
{
    static const struct speaker nobody = {.name = {"", 0}};
    const struct speaker *speaker = segment->speaker < script->n_speakers ? &script->speakers[segment->speaker] : &nobody;
    enum segment_kind kind = segment->kind == SEGMENT_BYLINE ? SEGMENT_NARRATION : segment->kind;
    buffer_format(out, "      {\"kind\": \"%s\", \"start\": %zu, \"end\": %zu,\n       ", segment_kind_name(kind),
                  segment->source_start, segment->source_end);
    write_or_null(out, "speaker", speaker->name);
    buffer_c_string(out, ", ");
    write_or_null(out, "mention", segment->mention);
    buffer_format(out, ", \"gender\": \"%s\", \"attribution\": ", gender_name(speaker->gender));
    if (segment->rule) {
        buffer_c_string(out, "{");
        write_member(out, "rule", str_from(segment->rule));
        buffer_c_string(out, ", \"confidence\": ");
        write_confidence(out, segment->confidence);
        buffer_c_string(out, "}");
    } else {
        buffer_c_string(out, "null");
    }
    buffer_c_string(out, ", ");
    write_or_null(out, "voice", voice);
    buffer_c_string(out, ",\n       \"sentences\": [\n");
    for (size_t i = 0; i < segment->n_sentences; i++) {
        write_sentence(out, &segment->sentences[i]);
        buffer_c_string(out, i + 1 < segment->n_sentences ? ",\n" : "]}");
    }
}

static void write_skipped(struct buffer *out, const struct script *script)
{
    struct str text = script->article->text;
    buffer_c_string(out, " \"skipped\": [");
    for (size_t i = 0; i < script->n_omissions; i++) {
        const struct omission *omission = &script->omissions[i];
        buffer_format(out, "%s\n  {\"start\": %zu, \"end\": %zu, ", i ? "," : "", omission->start, omission->end);
        write_member(out, "reason", str_from(omission->reason));
        buffer_c_string(out, ", ");
        write_member(out, "text", str_sub(text, omission->start, omission->end));
        buffer_c_string(out, "}");
    }
    buffer_c_string(out, "]}\n");
}

enum status script_write_json(const struct script *script, script_voice_function *voice_of, const void *context,
                              struct buffer *out)
{
    buffer_c_string(out, "{\"crier\": 1,\n ");
    write_or_null(out, "title", script->title);
    buffer_c_string(out, ", ");
    write_or_null(out, "byline", script->byline);
    buffer_c_string(out, ", ");
    write_or_null(out, "published", script->published);
    buffer_c_string(out, ",\n ");
    write_member(out, "language", script->language);
    buffer_c_string(out, ", ");
    write_member(out, "source", str_from(script->article->source));
    buffer_c_string(out, ",\n \"sections\": [");
    for (size_t i = 0; i < script->n_sections; i++) {
        const struct section *section = &script->sections[i];
        buffer_c_string(out, i ? ",\n  {" : "\n  {");
        write_or_null(out, "title", section->title);
        buffer_format(out, ", \"level\": %d, \"segments\": [\n", section->level);
        for (size_t k = 0; k < section->n_segments; k++) {
            const struct segment *segment = &script->segments[section->first_segment + k];
            struct str voice = voice_of ? voice_of(context, segment) : segment->voice;
            write_segment(out, script, segment, voice);
            buffer_c_string(out, k + 1 < section->n_segments ? ",\n" : "");
        }
        buffer_c_string(out, "]}");
    }
    buffer_c_string(out, "],\n");
    write_skipped(out, script);
    return buffer_failed(out) ? STATUS_NO_MEMORY : STATUS_OK;
}
