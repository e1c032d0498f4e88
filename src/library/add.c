#include "library/add.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "library/names.h"
#include "library/settings.h"
#include "library/web_text.h"

#define ACCEPT "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8,*/*;q=0.1"

/* ---- the library, opened ----------------------------------------------------------------------------------------- */

struct fetch_limits intake_limits(const struct library_settings *settings, const struct library_run *run, struct arena *arena)
{
    /* A server's keeper shall know who asks and for what. */
    struct str about =
        *settings->url ? arena_format(arena, "+%s", settings->url) : STR("reads articles aloud; asked by a person");
    return (struct fetch_limits){
        .user_agent = *settings->user_agent ? settings->user_agent
                                            : arena_format(arena, "crier/%s (%.*s)", CRIER_VERSION, STR_ARG(about)).data,
        .most_bytes = (size_t)settings->web_max_megabytes << 20,
        .timeout_s = settings->web_timeout_s,
        .stop = run->stop,
    };
}

enum status intake_open(struct intake *intake, const struct library_run *run, struct problem *problem)
{
    *intake = (struct intake){.run = run, .now_s = (int64_t)time(NULL)};
    struct stat about;
    if (stat(run->path, &about) != 0)
        return problem_errno(problem, STATUS_NO_INPUT, run->path, errno, "there is no such library");
    if (!S_ISDIR(about.st_mode))
        return problem_set(problem, STATUS_NO_INPUT, run->path, 0, "is no folder, so no library");
    enum status status = library_settings_read(&intake->settings, run->path, &intake->arena, problem);
    if (status != STATUS_OK)
        return status;
    intake->limits = intake_limits(&intake->settings, run, &intake->arena);
    const char *path = arena_format(&intake->arena, "%s/state.sqlite", run->path).data;
    if (arena_failed(&intake->arena))
        return problem_no_memory(problem);
    return state_open(&intake->state, path, problem);
}

void intake_close(struct intake *intake)
{
    state_close(intake->state);
    arena_release(&intake->arena);
    intake->state = NULL;
}

void intake_say(const struct intake *intake, char level, const char *format, ...)
{
    char words[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    intake->run->say(intake->run->say_context, level, words);
}

/* ---- a web page ------------------------------------------------------------------------------------------------------ */

static enum status refuse_kind(const struct fetch_reply *reply, enum web_kind kind, const char *shown, struct arena *arena,
                               struct problem *problem)
{
    if (kind == WEB_FEED)
        return problem_set(problem, STATUS_BAD_DATA, shown, 0, "is a feed; crier follow takes its articles");
    struct str type = reply->type.len ? reply->type : STR("of a type that the server does not tell");
    return problem_set(problem, STATUS_BAD_DATA, shown, 0, "is %s; only web pages, plain text and Markdown can be read aloud",
                       arena_c_string(arena, type));
}

/* The address in a saved page that does not name it: at the end, where what the page says itself comes first. */
static void name_address(struct buffer *body, struct str shown)
{
    buffer_c_string(body, "\n<meta property=\"og:url\" content=\"");
    web_escape(body, shown);
    buffer_c_string(body, "\">\n");
}

static enum status deposit_reply(struct intake *intake, struct str url, struct fetch_reply *reply, enum deposit_result *result,
                                 struct str *file, struct arena *arena, struct problem *problem)
{
    static const char *const endings[] = {[WEB_HTML] = ".html", [WEB_PLAIN] = ".txt", [WEB_MARKDOWN] = ".md"};
    struct str shown = fetch_address_shown(url, arena);
    enum web_kind kind = web_kind(reply->type, reply->url, buffer_view(&reply->body));
    if (!str_trim(buffer_view(&reply->body)).len)
        return problem_set(problem, STATUS_BAD_DATA, shown.data, 0, "is empty");
    if (kind == WEB_UNKNOWN || kind == WEB_FEED)
        return refuse_kind(reply, kind, shown.data, arena, problem);
    enum status status = web_to_utf8(&reply->body, reply->charset, kind, problem);
    if (status != STATUS_OK)
        return status;
    struct str title = {"", 0};
    if (kind == WEB_HTML) {
        title = web_title(arena, buffer_view(&reply->body));
        name_address(&reply->body, fetch_address_shown(reply->url, arena));
    }
    if (buffer_failed(&reply->body) || arena_failed(arena))
        return problem_no_memory(problem);
    struct deposit what = {.url = url,
                           .slug = web_slug(arena, reply->url, title),
                           .ending = endings[kind],
                           .bytes = buffer_view(&reply->body),
                           .etag = reply->etag,
                           .modified = reply->modified,
                           .now_s = intake->now_s};
    return deposit(&what, intake->state, intake->run->path, result, file, arena, problem);
}

enum status add_page(struct intake *intake, struct str url, bool public_only, enum deposit_result *result, struct str *file,
                     bool *passing, struct arena *arena, struct problem *problem)
{
    struct state_page page = {.etag = {"", 0}, .modified = {"", 0}};
    struct fetch_request request = {.url = url.data, .accept = ACCEPT, .public_only = public_only};
    bool known = false;
    enum status status = state_page_find(intake->state, url, &page, &known, arena, problem);
    if (status != STATUS_OK)
        return status;
    if (known && deposit_is_there(&page, intake->run->path, arena)) {
        request.etag = page.etag;
        request.modified = page.modified;
    }
    struct fetch_reply reply;
    status = fetch(&request, &intake->limits, &reply, arena, problem);
    if (passing)
        *passing = reply.passing;
    if (status == STATUS_OK && reply.unchanged) {
        *result = DEPOSIT_SAME;
        *file = page.file;
    } else if (status == STATUS_OK) {
        status = deposit_reply(intake, url, &reply, result, file, arena, problem);
    }
    buffer_release(&reply.body);
    return status;
}

/* ---- a file -------------------------------------------------------------------------------------------------------- */

static bool is_address(const char *what)
{
    size_t i = 0;
    while ((what[i] >= 'a' && what[i] <= 'z') || (what[i] >= 'A' && what[i] <= 'Z') ||
           (i && strchr("+-.0123456789", what[i]) && what[i]))
        i++;
    return i && strncmp(what + i, "://", 3) == 0;
}

static const char *ending_of(const char *name)
{
    static const char *const endings[][2] = {{".txt", ".txt"},   {".text", ".txt"}, {".md", ".md"},      {".markdown", ".md"},
                                             {".html", ".html"}, {".htm", ".html"}, {".xhtml", ".html"}, {".script", ".script"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (str_eq_nocase(str_from(dot), str_from(endings[i][0])))
            return endings[i][1];
    return NULL;
}

static enum status add_file(struct intake *intake, const char *path, enum deposit_result *result, struct str *file,
                            struct arena *arena, struct problem *problem)
{
    char whole[PATH_MAX], inbox[PATH_MAX];
    if (!realpath(path, whole) && errno == ENOENT)
        return problem_set(problem, STATUS_NO_INPUT, path, 0, "there is no such file (a web address begins with https://)");
    if (!realpath(path, whole))
        return problem_errno(problem, STATUS_NO_INPUT, path, errno, "cannot read");
    const char *name = strrchr(whole, '/') + 1, *ending = ending_of(path);
    size_t inbox_len = realpath(arena_format(arena, "%s/inbox", intake->run->path).data, inbox) ? strlen(inbox) : 0;
    if (inbox_len && strncmp(whole, inbox, inbox_len) == 0 && whole[inbox_len] == '/')
        return problem_set(problem, STATUS_USAGE, path, 0, "is in the inbox already");
    if (!ending)
        return problem_set(problem, STATUS_BAD_DATA, path, 0,
                           "its name ends in none of .txt, .md, .html and .script, so it is no article");
    struct buffer bytes = {0};
    enum status status = file_read(whole, intake->limits.most_bytes, &bytes, problem);
    size_t stem = strlen(name) - strlen(strrchr(name, '.') ? strrchr(name, '.') : "");
    struct deposit what = {.url = arena_copy(arena, str_from(whole)),
                           .slug = slug_from_title(arena, (struct str){name, stem}),
                           .ending = ending,
                           .bytes = buffer_view(&bytes),
                           .etag = {"", 0},
                           .modified = {"", 0},
                           .now_s = intake->now_s};
    if (status == STATUS_OK)
        status = deposit(&what, intake->state, intake->run->path, result, file, arena, problem);
    buffer_release(&bytes);
    return status;
}

/* ---- several of both ------------------------------------------------------------------------------------------------- */

static enum status add_one(struct intake *intake, const char *what, enum deposit_result *result, struct str *file,
                           struct arena *arena, struct problem *problem)
{
    struct str url;
    if (!is_address(what))
        return add_file(intake, what, result, file, arena, problem);
    enum status status = fetch_address(str_from(what), (struct str){"", 0}, &url, arena, problem);
    return status == STATUS_OK ? add_page(intake, url, false, result, file, NULL, arena, problem) : status;
}

enum status library_add(const struct library_run *run, const char *const *what, size_t n, library_added_function *added,
                        void *added_context, struct problem *problem)
{
    struct intake intake;
    enum status first = STATUS_OK, status = intake_open(&intake, run, problem);
    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        if (run->stop && *run->stop) {
            status = STATUS_INTERRUPTED;
            break;
        }
        struct arena arena = {0};
        struct problem why = {0};
        struct str file = {"", 0};
        enum deposit_result result = DEPOSIT_SAME;
        enum status one = add_one(&intake, what[i], &result, &file, &arena, &why);
        if (one == STATUS_OK) {
            static const char *const words[] = {"is added as", "has changed and is replaced:", "is there unchanged:",
                                                "has changed, but somebody has edited what is there, which is left alone:"};
            intake_say(&intake, result == DEPOSIT_EDITED ? 'W' : 'I', "'%s' %s inbox/%.*s", what[i], words[result],
                       STR_ARG(file));
            added(added_context, file, what[i]);
        } else if (one == STATUS_INTERRUPTED) {
            status = one;
        } else {
            intake_say(&intake, 'E', "'%s': %s", why.path[0] ? why.path : what[i], why.text);
            first = first == STATUS_OK ? one : first;
        }
        arena_release(&arena);
    }
    intake_close(&intake);
    return status == STATUS_OK ? first : status;
}
