#include "script/text_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "script/script.h"
#include "script/text_names.h"

static const char introduction[] =
    "; This is the script of an article. Correct it and give it to \"crier make\".\n"
    "; A line that begins with \";\" is a remark. An empty line ends a paragraph. One sentence is one line.\n"
    "; \"= words\" under a sentence: what is said instead of what is written; delete it to have it made anew.\n"
    "; \"(pause 700)\" under a sentence: milliseconds of silence after it. \"## Title\": a chapter.\n"
    "; \"[quote: NAME]\" gives the words below it to a speaker; delete lines that shall not be spoken.\n";

static bool needs_backslash(struct str line)
{
    size_t next;
    if (!line.len)
        return true;
    unsigned c = utf8_decode(line, 0, &next);
    return c == '[' || c == '#' || c == '=' || c == ';' || c == '\\' || c == 0xFEFF || uni_is_space(c) ||
           str_starts(line, STR("(pause"));
}

/* A name within a line that is cut at | and ends at ]. */
static void write_name(struct buffer *out, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (c == '|' || c == ']' || c == '\\')
            buffer_byte(out, '\\');
        buffer_byte(out, (unsigned char)c < 0x20 ? ' ' : c);
    }
}

/* A value up to the end of its line. Control characters, of what was left out, become spaces: a terminal may show this. */
static void write_line(struct buffer *out, struct str s)
{
    for (size_t at = 0, next; at < s.len; at = next) {
        unsigned c = utf8_decode(s, at, &next);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0))
            buffer_byte(out, ' ');
        else
            buffer_append(out, s.data + at, next - at);
    }
    buffer_byte(out, '\n');
}

static void write_field(struct buffer *out, const char *name, struct str value)
{
    if (!value.len)
        return;
    buffer_format(out, "%s: ", name);
    write_line(out, value);
}

static size_t skip_marks(struct str s, size_t at)
{
    size_t next;
    for (; at < s.len; at = next) {
        unsigned c = utf8_decode(s, at, &next);
        if (c != '"' && c != '\'' && c != '`' && c != 0xAB && c != 0xBB && !(c >= 0x2018 && c <= 0x201F))
            break;
    }
    return at;
}

/* Quotation marks are not spoken; a line that says only this would be noise. Reading makes the same words from the text. */
static bool same_but_marks(struct str a, struct str b)
{
    size_t i = skip_marks(a, 0), k = skip_marks(b, 0);
    while (i < a.len && k < b.len && a.data[i] == b.data[k]) {
        i = skip_marks(a, i + 1);
        k = skip_marks(b, k + 1);
    }
    return i == a.len && k == b.len;
}

struct writer {
    const struct script *script;
    script_voice_function *voice_of;
    const void *context;
    struct buffer *out;
    struct str kind_voice[SEGMENT_CAPTION + 1];
    struct str *speaker_voice; /* [script->n_speakers] */
    struct str *speaker_name;  /* [script->n_speakers]: "Smith", "Smith (2)" */
};

static struct str voice_of_segment(const struct writer *writer, const struct segment *segment)
{
    return writer->voice_of ? writer->voice_of(writer->context, segment) : segment->voice;
}

static bool has_speaker(const struct writer *writer, const struct segment *segment)
{
    return segment->speaker < writer->script->n_speakers && writer->speaker_name[segment->speaker].len;
}

/* The voice that a segment has unless its own line says otherwise: that of its first like. */
static struct str *usual_voice(struct writer *writer, const struct segment *segment)
{
    return has_speaker(writer, segment) ? &writer->speaker_voice[segment->speaker] : &writer->kind_voice[segment->kind];
}

static void write_head(struct writer *writer)
{
    const struct script *script = writer->script;
    struct buffer *out = writer->out;
    buffer_c_string(out, TEXT_FORM_MAGIC " " TEXT_FORM_VERSION "\n");
    buffer_c_string(out, introduction);
    buffer_byte(out, '\n');
    write_field(out, "title", script->title);
    write_field(out, "byline", script->byline);
    write_field(out, "published", script->published);
    write_field(out, "language", script->language);
    write_field(out, "site", script->article->site);
    write_field(out, "cover", script->article->cover);
    write_field(out, "url", script->article->url);
    for (size_t kind = 0; kind <= SEGMENT_CAPTION; kind++)
        if (writer->kind_voice[kind].len) {
            buffer_format(out, "voice of %s: ", segment_kind_name((enum segment_kind)kind));
            write_line(out, writer->kind_voice[kind]);
        }
    for (size_t i = 0; i < script->n_speakers; i++) {
        const struct speaker *speaker = &script->speakers[i];
        if (!writer->speaker_name[i].len)
            continue;
        buffer_c_string(out, "speaker: ");
        write_name(out, writer->speaker_name[i]);
        buffer_format(out, " | %s | %s", gender_name(speaker->gender), speaker_kind_name(speaker->kind));
        if (writer->speaker_voice[i].len) {
            buffer_c_string(out, " | voice: ");
            write_name(out, writer->speaker_voice[i]);
        }
        buffer_byte(out, '\n');
    }
}

static void write_segment(struct writer *writer, const struct segment *segment)
{
    struct buffer *out = writer->out;
    struct str voice = voice_of_segment(writer, segment);
    buffer_format(out, "[%s", segment_kind_name(segment->kind));
    if (has_speaker(writer, segment)) {
        buffer_c_string(out, ": ");
        write_name(out, writer->speaker_name[segment->speaker]);
    }
    if (!str_eq(voice, *usual_voice(writer, segment))) {
        buffer_c_string(out, " | voice: ");
        write_name(out, voice);
    }
    buffer_c_string(out, segment->continues ? " | continues]\n" : "]\n");
    if (has_speaker(writer, segment) && segment->rule && segment->confidence < 0.75)
        buffer_format(out, "; not sure who says this (%d in 100)\n", (int)(segment->confidence * 100));
    for (size_t i = 0; i < segment->n_sentences; i++) {
        const struct sentence *sentence = &segment->sentences[i];
        if (needs_backslash(sentence->text))
            buffer_byte(out, '\\');
        write_line(out, sentence->text);
        if (!same_but_marks(sentence->spoken.words, sentence->text)) {
            buffer_c_string(out, sentence->spoken.words.len ? "= " : "=");
            write_line(out, sentence->spoken.words);
        }
        if (sentence->pause_ms >= 0)
            buffer_format(out, "(pause %d)\n", sentence->pause_ms);
    }
}

static void write_omissions(struct writer *writer)
{
    const struct script *script = writer->script;
    struct buffer *out = writer->out;
    bool any = false;
    for (size_t i = 0; i < script->n_omissions; i++) {
        const struct omission *omission = &script->omissions[i];
        if (strcmp(omission->reason, TEXT_FORM_OMISSION) == 0)
            continue; /* of a script that was read from this form: not the author's words */
        if (!any)
            buffer_c_string(out, "\n; Left out of the article:\n");
        any = true;
        buffer_format(out, "; %s: ", omission->reason);
        write_line(out, str_trim(str_sub(script->article->text, omission->start, omission->end)));
    }
}

struct named {
    struct str name;
    size_t index;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = str_compare(x->name, y->name);
    return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

/* In the text form a name is all that tells speakers apart: two of the same name are numbered. */
static void number_names(struct writer *writer, struct arena *arena)
{
    const struct script *script = writer->script;
    struct named *named = arena_array(arena, script->n_speakers + 1, sizeof *named);
    if (!named || arena_failed(arena))
        return;
    for (size_t i = 0; i < script->n_speakers; i++)
        named[i] = (struct named){str_trim(script->speakers[i].name), i};
    qsort(named, script->n_speakers, sizeof *named, compare_named);
    size_t same = 0;
    for (size_t i = 0; i < script->n_speakers; i++) {
        same = i && str_eq(named[i].name, named[i - 1].name) ? same + 1 : 1;
        writer->speaker_name[named[i].index] =
            same == 1 ? named[i].name : arena_format(arena, "%.*s (%zu)", STR_ARG(named[i].name), same);
    }
}

enum status script_write_text(const struct script *script, script_voice_function *voice_of, const void *context,
                              struct buffer *out)
{
    struct arena arena = {0};
    struct writer writer = {.script = script, .voice_of = voice_of, .context = context, .out = out};
    writer.speaker_voice = arena_array(&arena, script->n_speakers, sizeof *writer.speaker_voice);
    writer.speaker_name = arena_array(&arena, script->n_speakers, sizeof *writer.speaker_name);
    if (!arena_failed(&arena))
        number_names(&writer, &arena);
    if (arena_failed(&arena)) {
        arena_release(&arena);
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < script->n_segments; i++) {
        struct str *voice = usual_voice(&writer, &script->segments[i]);
        if (!voice->len)
            *voice = voice_of_segment(&writer, &script->segments[i]);
    }
    write_head(&writer);
    for (size_t i = 0; i < script->n_sections; i++) {
        const struct section *section = &script->sections[i];
        buffer_byte(out, '\n');
        for (int level = 0; level < section->level; level++)
            buffer_byte(out, '#');
        if (section->title.len)
            buffer_byte(out, ' ');
        write_line(out, section->title);
        for (size_t k = 0; k < section->n_segments; k++) {
            const struct segment *segment = &script->segments[section->first_segment + k];
            if (k == 0 || segment->block != segment[-1].block)
                buffer_byte(out, '\n');
            write_segment(&writer, segment);
        }
    }
    write_omissions(&writer);
    arena_release(&arena);
    return buffer_failed(out) ? STATUS_NO_MEMORY : STATUS_OK;
}

bool script_is_text_form(struct str text)
{
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_sub(text, 3, text.len);
    struct str magic = STR(TEXT_FORM_MAGIC " ");
    return str_starts(text, magic) && text.len > magic.len && text.data[magic.len] >= '0' && text.data[magic.len] <= '9';
}
