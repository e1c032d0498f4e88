/* W3C Pronunciation Lexicon Specification 1.0: <lexeme><grapheme>WORD</grapheme><alias>..</alias> or <phoneme>..</phoneme>. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/lazy.h"
#include "base/utf8.h"
#include "base/watch.h"
#include "spoken/lexicon.h"

/* Loaded with the first PLS file: few have one, and libxml2 is slow to load. */
static struct {
    __typeof__(xmlCtxtGetLastError) *xmlCtxtGetLastError;
    __typeof__(xmlCtxtReadMemory) *xmlCtxtReadMemory;
    __typeof__(xmlDocGetRootElement) *xmlDocGetRootElement;
    __typeof__(xmlFreeDoc) *xmlFreeDoc;
    __typeof__(xmlFreeParserCtxt) *xmlFreeParserCtxt;
    __typeof__(xmlGetLineNo) *xmlGetLineNo;
    __typeof__(xmlMemSetup) *xmlMemSetup;
    __typeof__(xmlNewParserCtxt) *xmlNewParserCtxt;
    __typeof__(xmlSetGenericErrorFunc) *xmlSetGenericErrorFunc;
} xml;

static enum status load_library(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&xml, xmlCtxtGetLastError), LAZY(&xml, xmlCtxtReadMemory), LAZY(&xml, xmlDocGetRootElement),
        LAZY(&xml, xmlFreeDoc),          LAZY(&xml, xmlFreeParserCtxt), LAZY(&xml, xmlGetLineNo),
        LAZY(&xml, xmlMemSetup),         LAZY(&xml, xmlNewParserCtxt),  LAZY(&xml, xmlSetGenericErrorFunc),
    };
    return lazy_load("libxml2.so.2", "libxml2", symbols, sizeof symbols / sizeof *symbols, problem);
}

/* libxml2 would print it where memory runs out. */
static void say_nothing(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

/* IPA of English dictionaries to eSpeak NG's English mnemonics, longest first. What is not here cannot be given to the engine. */
static const struct {
    const char *ipa, *espeak;
} IPA[] = {
    {"t͡ʃ", "tS"}, {"d͡ʒ", "dZ"}, {"tʃ", "tS"}, {"dʒ", "dZ"}, {"aɪ", "aI"}, {"aʊ", "aU"}, {"eɪ", "eI"}, {"oʊ", "oU"}, {"əʊ", "oU"},
    {"ɔɪ", "OI"}, {"ɪə", "i@"}, {"ʊə", "U@"}, {"eə", "e@"}, {"ɑː", "A:"}, {"iː", "i:"}, {"uː", "u:"}, {"ɔː", "O:"}, {"ɜː", "3:"},
    {"ɹ", "r"},   {"ɡ", "g"},   {"ŋ", "N"},   {"θ", "T"},   {"ð", "D"},   {"ʃ", "S"},   {"ʒ", "Z"},   {"ɪ", "I"},   {"ʊ", "U"},
    {"ə", "@"},   {"ɛ", "E"},   {"æ", "a"},   {"ʌ", "V"},   {"ɔ", "O:"},  {"ɒ", "0"},   {"ɑ", "A:"},  {"ɝ", "3:"},  {"ɚ", "3"},
    {"ɫ", "l"},   {"ɾ", "t#"},  {"ˈ", "'"},   {"ˌ", ","},   {"ː", ":"},   {".", ""},    {"‿", ""},    {" ", "||"},  {"b", "b"},
    {"d", "d"},   {"e", "E"},   {"f", "f"},   {"g", "g"},   {"h", "h"},   {"i", "i:"},  {"j", "j"},   {"k", "k"},   {"l", "l"},
    {"m", "m"},   {"n", "n"},   {"o", "oU"},  {"p", "p"},   {"r", "r"},   {"s", "s"},   {"t", "t"},   {"u", "u:"},  {"v", "v"},
    {"w", "w"},   {"x", "x"},   {"z", "z"},   {"a", "a"},
};

/* [[mnemonics]] of `ipa`; false at the first sign that has none (*trouble is set to it). */
static bool from_ipa(struct buffer *out, struct str ipa, struct str *trouble)
{
    buffer_c_string(out, "[[");
    for (size_t at = 0; at < ipa.len;) {
        size_t used = 0;
        for (size_t i = 0; i < sizeof IPA / sizeof *IPA && used == 0; i++) {
            if (str_starts(str_sub(ipa, at, ipa.len), str_from(IPA[i].ipa))) {
                buffer_c_string(out, IPA[i].espeak);
                used = strlen(IPA[i].ipa);
            }
        }
        if (used == 0) {
            *trouble = str_sub(ipa, at, at + 4);
            trouble->len = utf8_valid_length(*trouble);
            return false;
        }
        at += used;
    }
    buffer_c_string(out, "]]");
    return true;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* The text of an element, owned by the arena. Entities are not expanded: there are none in the tree but the predefined. */
static struct str text_of(struct arena *arena, const xmlNode *node)
{
    struct buffer text = {0};
    for (const xmlNode *child = node->children; child; child = child->next)
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content)
            buffer_c_string(&text, (const char *)child->content);
    arena->failed |= text.failed;
    struct str copy = arena_copy(arena, utf8_trim(buffer_view(&text)));
    buffer_release(&text);
    return copy;
}

static struct str attribute(struct arena *arena, const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (strcmp((const char *)a->name, name) == 0 && a->children && a->children->content)
            return arena_copy(arena, str_from((const char *)a->children->content));
    return STR("");
}

/* What the lexeme's first alias, else first phoneme, makes of its word. */
static enum status lexeme_value(struct arena *arena, const xmlNode *lexeme, struct str alphabet, struct str *value,
                                const char *path, struct problem *problem)
{
    *value = STR("");
    for (const xmlNode *n = lexeme->children; n; n = n->next) {
        if (is_element(n, "alias")) {
            *value = text_of(arena, n);
            return STATUS_OK;
        }
        if (!is_element(n, "phoneme") || value->len > 0)
            continue;
        struct str own = attribute(arena, n, "alphabet"), sound = text_of(arena, n), trouble = {0};
        if (own.len == 0)
            own = alphabet;
        struct buffer phonemes = {0};
        enum status status = STATUS_OK;
        size_t line = (size_t)xml.xmlGetLineNo(n);
        if (str_eq_c(own, "x-espeak") || str_eq_c(own, "espeak"))
            buffer_format(&phonemes, "[[%.*s]]", STR_ARG(sound));
        else if (!str_eq_c(own, "ipa") && own.len > 0)
            status = problem_set(problem, STATUS_BAD_DATA, path, line, "unknown alphabet '%.*s': use ipa, x-espeak or an <alias>",
                                 STR_ARG(str_sub(own, 0, 60)));
        else if (!from_ipa(&phonemes, sound, &trouble))
            status = problem_set(problem, STATUS_BAD_DATA, path, line,
                                 "'%.*s' is no IPA sign of English: use alphabet=\"x-espeak\" or an <alias>", STR_ARG(trouble));
        arena->failed |= phonemes.failed;
        *value = arena_copy(arena, buffer_view(&phonemes));
        buffer_release(&phonemes);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status load_lexeme(struct lexicon *lexicon, const xmlNode *lexeme, struct str alphabet, const char *path,
                               struct problem *problem)
{
    struct arena arena = {0};
    struct str value;
    size_t line = (size_t)xml.xmlGetLineNo(lexeme), words = 0;
    enum status status = lexeme_value(&arena, lexeme, alphabet, &value, path, problem);
    for (const xmlNode *n = lexeme->children; n && status == STATUS_OK; n = n->next) {
        if (!is_element(n, "grapheme"))
            continue;
        words++;
        struct str written = text_of(&arena, n);
        status = arena_failed(&arena) ? problem_no_memory(problem) : lexicon_add(lexicon, written, value, path, line, problem);
    }
    if (status == STATUS_OK && words == 0)
        status = problem_set(problem, STATUS_BAD_DATA, path, line, "a lexeme without a grapheme");
    arena_release(&arena);
    return status;
}

static enum status load_tree(struct lexicon *lexicon, xmlDoc *document, const char *path, const char *language,
                             struct problem *problem)
{
    struct arena arena = {0};
    const xmlNode *root = xml.xmlDocGetRootElement(document);
    enum status status = STATUS_OK;
    if (!root || !is_element(root, "lexicon"))
        status = problem_set(problem, STATUS_BAD_DATA, path, 1, "not a PLS file: its root is no <lexicon>");
    struct str alphabet = STR(""), tag = STR("");
    if (status == STATUS_OK) {
        alphabet = attribute(&arena, root, "alphabet");
        tag = attribute(&arena, root, "lang");
        if (arena_failed(&arena))
            status = problem_no_memory(problem);
    }
    bool holds = tag.len == 0 || lexicon_language_holds(tag, str_from(language)) ||
                 lexicon_language_holds(str_from(language), tag); /* an "en-US" file is of use to "en" */
    for (const xmlNode *n = root ? root->children : NULL; n && holds && status == STATUS_OK; n = n->next)
        if (is_element(n, "lexeme"))
            status = load_lexeme(lexicon, n, alphabet, path, problem);
    arena_release(&arena);
    return status;
}

enum status pls_load(struct lexicon *lexicon, struct str data, const char *path, const char *language, struct problem *problem)
{
    if (data.len > INT32_MAX)
        return problem_set(problem, STATUS_BAD_DATA, path, 0, "too big for a lexicon");
    enum status status = load_library(problem);
    if (status != STATUS_OK)
        return status;
    watch_begin();
    xml.xmlMemSetup(free, watch_malloc, watch_realloc, watch_strdup);
    xml.xmlSetGenericErrorFunc(NULL, say_nothing);
    xmlParserCtxt *parser = xml.xmlNewParserCtxt();
    if (!parser)
        return problem_no_memory(problem);
    /* No network, no external subset, entities left alone, and libxml2's own limits on depth and size kept. */
    xmlDoc *document = xml.xmlCtxtReadMemory(parser, data.data, (int)data.len, path, NULL,
                                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (watch_failed()) {
        status = problem_no_memory(problem);
    } else if (document) {
        status = load_tree(lexicon, document, path, language, problem);
    } else {
        const xmlError *error = xml.xmlCtxtGetLastError(parser);
        struct str why = str_trim(str_from(error && error->message ? error->message : "not well-formed XML"));
        status = problem_set(problem, STATUS_BAD_DATA, path, error && error->line > 0 ? (size_t)error->line : 0, "%.*s",
                             STR_ARG(str_sub(why, 0, 200)));
    }
    xml.xmlFreeDoc(document);
    xml.xmlFreeParserCtxt(parser);
    return status;
}
