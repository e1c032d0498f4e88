#include "article/html_jsonld.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/watch.h"

enum { OBJECTS_MAX = 512, AUTHORS_MAX = 12 };

struct graph {
    json_t *objects[OBJECTS_MAX];
    size_t count;
};

static struct str string_of(const json_t *value)
{
    if (!json_is_string(value))
        return (struct str){"", 0};
    return str_trim((struct str){json_string_value(value), json_string_length(value)});
}

static struct str member(const json_t *object, const char *key)
{
    return string_of(json_object_get(object, key));
}

/* All objects that may describe the page, breadth first; what they link to as other works is not followed. */
static void collect(struct graph *graph, json_t *root)
{
    static const char *const FOLLOW[] = {"@graph", "mainEntity", "mainEntityOfPage", "author", "publisher"};
    size_t next = graph->count;
    if (graph->count < OBJECTS_MAX)
        graph->objects[graph->count++] = root;
    for (; next < graph->count; next++) {
        json_t *value = graph->objects[next];
        for (size_t i = 0; i < json_array_size(value) && graph->count < OBJECTS_MAX; i++)
            graph->objects[graph->count++] = json_array_get(value, i);
        for (size_t i = 0; i < sizeof FOLLOW / sizeof *FOLLOW; i++) {
            json_t *below = json_object_get(value, FOLLOW[i]);
            if ((json_is_object(below) || json_is_array(below)) && graph->count < OBJECTS_MAX)
                graph->objects[graph->count++] = below;
        }
    }
}

static int type_worth(struct str type)
{
    if (str_ends(type, STR("Article")) || str_ends(type, STR("BlogPosting")) || str_eq_c(type, "LiveBlogPosting"))
        return 10;
    if (str_eq_c(type, "Report") || str_eq_c(type, "Review") || str_eq_c(type, "CriticReview") || str_eq_c(type, "Recipe"))
        return 6;
    if (str_eq_c(type, "WebPage") || str_eq_c(type, "CreativeWork") || str_eq_c(type, "ItemPage"))
        return 3;
    return 0;
}

static int worth_of_types(const json_t *types)
{
    int best = type_worth(string_of(types));
    for (size_t i = 0; i < json_array_size(types); i++) {
        int one = type_worth(string_of(json_array_get(types, i)));
        best = one > best ? one : best;
    }
    return best;
}

static const json_t *by_id(const struct graph *graph, struct str id)
{
    for (size_t i = 0; id.len > 0 && i < graph->count; i++)
        if (json_object_size(graph->objects[i]) > 1 && str_eq(member(graph->objects[i], "@id"), id))
            return graph->objects[i];
    return NULL;
}

/* The name of a person or organisation given as text, as an object or by reference. */
static struct str name_of(const struct graph *graph, const json_t *who)
{
    if (json_is_string(who))
        return string_of(who);
    struct str name = member(who, "name");
    if (name.len == 0)
        name = string_of(json_array_get(json_object_get(who, "name"), 0));
    if (name.len == 0)
        name = member(by_id(graph, member(who, "@id")), "name");
    return name;
}

static bool is_address(struct str s)
{
    return str_find(s, STR("://"), 0) != SIZE_MAX || str_starts(s, STR("/")) || str_starts(s, STR("www."));
}

static struct str byline_of(const struct graph *graph, struct arena *arena, const json_t *authors)
{
    struct str names[AUTHORS_MAX];
    size_t n = 0;
    size_t count = json_is_array(authors) ? json_array_size(authors) : authors ? 1 : 0;
    for (size_t i = 0; i < count && n < AUTHORS_MAX; i++) {
        struct str name = name_of(graph, json_is_array(authors) ? json_array_get(authors, i) : authors);
        bool again = name.len == 0 || is_address(name);
        for (size_t k = 0; k < n && !again; k++)
            again = str_eq(names[k], name);
        if (!again)
            names[n++] = name;
    }
    struct buffer line = {0};
    for (size_t i = 0; i < n; i++) {
        buffer_c_string(&line, i == 0 ? "" : i + 1 == n ? " and " : ", ");
        buffer_str(&line, names[i]);
    }
    struct str byline = arena_copy(arena, buffer_view(&line));
    arena->failed |= line.failed;
    buffer_release(&line);
    return byline;
}

static struct str image_of(const struct graph *graph, const json_t *image)
{
    if (json_is_array(image))
        image = json_array_get(image, 0);
    if (json_is_string(image))
        return string_of(image);
    struct str url = member(image, "url");
    return url.len > 0 ? url : member(by_id(graph, member(image, "@id")), "url");
}

static bool says_no(const json_t *value)
{
    return json_is_false(value) || str_eq_nocase(string_of(value), STR("false"));
}

static void fill(struct html_jsonld *found, struct arena *arena, const struct graph *graph, const json_t *work)
{
    struct str headline = member(work, "headline");
    found->headline = arena_copy(arena, headline.len > 0 ? headline : member(work, "name"));
    const json_t *author = json_object_get(work, "author");
    found->byline = byline_of(graph, arena, author ? author : json_object_get(work, "creator"));
    struct str published = member(work, "datePublished");
    found->published = arena_copy(arena, published.len > 0 ? published : member(work, "dateCreated"));
    found->language = arena_copy(arena, member(work, "inLanguage"));
    found->site = arena_copy(arena, name_of(graph, json_object_get(work, "publisher")));
    found->image = arena_copy(arena, image_of(graph, json_object_get(work, "image")));
    found->url = arena_copy(arena, member(work, "url"));
    found->description = arena_copy(arena, member(work, "description"));
    found->body = arena_copy(arena, member(work, "articleBody"));
    found->not_free = says_no(json_object_get(work, "isAccessibleForFree"));
}

/* Real pages put line breaks into strings, comment marks around the JSON and a semicolon after it. */
static json_t *parse(struct str script, bool *failed)
{
    script = str_trim(script);
    size_t start = str_find(script, STR("<![CDATA["), 0) < 8 ? 12 : 0;
    while (start < script.len && script.data[start] != '{' && script.data[start] != '[')
        start++;
    start = start < script.len ? start : script.len;
    char *copy = malloc(script.len - start + 1);
    if (!copy) {
        *failed = true;
        return NULL;
    }
    for (size_t i = start; i < script.len; i++)
        copy[i - start] = (unsigned char)script.data[i] < ' ' ? ' ' : script.data[i];
    json_t *root = json_loadb(copy, script.len - start, JSON_DISABLE_EOF_CHECK, NULL);
    free(copy);
    return root;
}

void html_jsonld_read(struct html_jsonld *found, struct arena *arena, const struct html_clean *clean, struct str page_title)
{
    *found = (struct html_jsonld){0};
    json_t *roots[HTML_JSON_MAX] = {0};
    struct graph *graph = calloc(1, sizeof *graph);
    watch_json();
    if (!graph) {
        arena->failed = true;
        return;
    }
    for (size_t i = 0; i < clean->n_json; i++) {
        roots[i] = parse(clean->json[i], &arena->failed);
        if (roots[i])
            collect(graph, roots[i]);
    }
    const json_t *best = NULL;
    int best_worth = 0;
    for (size_t i = 0; i < graph->count; i++) {
        const json_t *work = graph->objects[i];
        int worth = 2 * worth_of_types(json_object_get(work, "@type"));
        struct str headline = member(work, "headline");
        if (worth > 0 && headline.len > 0)
            worth += 1 + (headline.len > 8 && str_find(page_title, str_sub(headline, 0, 60), 0) != SIZE_MAX ? 5 : 0);
        if (worth > best_worth) {
            best = work;
            best_worth = worth;
        }
    }
    if (best)
        fill(found, arena, graph, best);
    for (size_t i = 0; i < clean->n_json; i++)
        json_decref(roots[i]);
    arena->failed |= watch_failed();
    free(graph);
}
