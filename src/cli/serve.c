#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/lazy.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/signals.h"

/* A preview for one person: libmicrohttpd on 127.0.0.1, which only reads below LIBRARY/public. */

#define PREVIEW_PORT 8008 /* also in library/publish.c: where a feed without a url says it is */

static const struct option_spec specs[] = {
    OPTION_NUMBER("port", 'p', "N", OPTION_INTEGER, port, 1, 65535, "the port on 127.0.0.1 (default 8008)"),
};

static struct {
    __typeof__(MHD_start_daemon) *MHD_start_daemon;
    __typeof__(MHD_stop_daemon) *MHD_stop_daemon;
    __typeof__(MHD_queue_response) *MHD_queue_response;
    __typeof__(MHD_create_response_from_fd_at_offset64) *MHD_create_response_from_fd_at_offset64;
    __typeof__(MHD_create_response_from_buffer) *MHD_create_response_from_buffer;
    __typeof__(MHD_add_response_header) *MHD_add_response_header;
    __typeof__(MHD_lookup_connection_value) *MHD_lookup_connection_value;
    __typeof__(MHD_destroy_response) *MHD_destroy_response;
} http;

static enum status load(struct problem *problem)
{
    static const struct lazy_symbol symbols[] = {
        LAZY(&http, MHD_start_daemon),
        LAZY(&http, MHD_stop_daemon),
        LAZY(&http, MHD_queue_response),
        LAZY(&http, MHD_create_response_from_fd_at_offset64),
        LAZY(&http, MHD_create_response_from_buffer),
        LAZY(&http, MHD_add_response_header),
        LAZY(&http, MHD_lookup_connection_value),
        LAZY(&http, MHD_destroy_response),
    };
    return lazy_load("libmicrohttpd.so.12", "libmicrohttpd12", symbols, COUNT(symbols), problem);
}

static const char *content_type(const char *path)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".chapters.json", "application/json+chapters"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".xml", "application/rss+xml; charset=utf-8"},
        {".mp3", "audio/mpeg"},
        {".vtt", "text/vtt; charset=utf-8"},
        {".srt", "application/x-subrip; charset=utf-8"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
    };
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_ends(str_from(path), str_from(types[i][0])))
            return types[i][1];
    return "application/octet-stream";
}

/* Opens the regular file at `url` below the folder, part by part, so that neither ".." nor a symbolic link leads out of it. Names
 * that begin with a dot (drafts) are not served. -1 where there is none. */
static int open_below(int folder, const char *url)
{
    char name[NAME_MAX + 1];
    int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    while (at >= 0) {
        const char *end = strchrnul(++url, '/');
        size_t len = (size_t)(end - url);
        if (len == 0 || len >= sizeof name || *url == '.') {
            close(at);
            return -1;
        }
        memcpy(name, url, len);
        name[len] = '\0';
        int next = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (*end ? O_DIRECTORY : 0));
        close(at);
        if (!*end)
            return next;
        at = next;
        url = end;
    }
    return -1;
}

/* "bytes=FIRST-LAST", "bytes=FIRST-", "bytes=-LENGTH" (RFC 9110, 14.1.2) as [first, last]. 206; 416 where it lies outside; 200
 * where the header is none of these (several ranges: the whole file is a valid answer). */
static unsigned read_range(const char *range, uint64_t size, uint64_t *first, uint64_t *last)
{
    char *end;
    *first = 0;
    *last = size ? size - 1 : 0;
    if (!range || strncmp(range, "bytes=", 6) != 0 || strchr(range, ','))
        return MHD_HTTP_OK;
    range += 6;
    if (*range == '-') {
        unsigned long long length = range[1] >= '0' && range[1] <= '9' ? strtoull(range + 1, &end, 10) : 0;
        if (length == 0 || size == 0)
            return MHD_HTTP_RANGE_NOT_SATISFIABLE;
        *first = length < size ? size - length : 0;
        return MHD_HTTP_PARTIAL_CONTENT;
    }
    if (*range < '0' || *range > '9')
        return MHD_HTTP_OK;
    *first = strtoull(range, &end, 10);
    if (*end != '-')
        return MHD_HTTP_OK;
    if (end[1] >= '0' && end[1] <= '9') {
        uint64_t asked = strtoull(end + 1, NULL, 10);
        if (asked < *first)
            return MHD_HTTP_OK;
        *last = asked < *last ? asked : *last;
    }
    return *first < size ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_RANGE_NOT_SATISFIABLE;
}

static enum MHD_Result answer_words(struct MHD_Connection *connection, unsigned code, const char *words)
{
    struct MHD_Response *response =
        http.MHD_create_response_from_buffer(strlen(words), (void *)(uintptr_t)words, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    http.MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
        http.MHD_add_response_header(response, "Allow", "GET, HEAD");
    enum MHD_Result result = http.MHD_queue_response(connection, code, response);
    http.MHD_destroy_response(response);
    return result;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return http.MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void add_headers(struct MHD_Response *response, const char *url, const char *etag, const struct stat *about)
{
    char date[64];
    struct tm utc;
    gmtime_r(&about->st_mtime, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc); /* the C locale: nothing calls setlocale */
    http.MHD_add_response_header(response, "Content-Type", content_type(url));
    http.MHD_add_response_header(response, "Accept-Ranges", "bytes");
    http.MHD_add_response_header(response, "ETag", etag);
    http.MHD_add_response_header(response, "Last-Modified", date);
    http.MHD_add_response_header(response, "Cache-Control", "no-cache");
    http.MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    http.MHD_add_response_header(response, "Content-Security-Policy",
                                 "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'");
}

static enum MHD_Result answer_file(struct MHD_Connection *connection, int fd, const char *url, const struct stat *about)
{
    char etag[64], content_range[96];
    uint64_t size = (uint64_t)about->st_size, first = 0, last = 0;
    snprintf(etag, sizeof etag, "\"%" PRIx64 "-%llx%09lx\"", size, (unsigned long long)about->st_mtim.tv_sec,
             (unsigned long)about->st_mtim.tv_nsec);
    const char *known = header(connection, "If-None-Match"), *if_range = header(connection, "If-Range");
    unsigned code = MHD_HTTP_OK;
    if (known && strstr(known, etag))
        code = MHD_HTTP_NOT_MODIFIED;
    else if (!if_range || strcmp(if_range, etag) == 0)
        code = read_range(header(connection, "Range"), size, &first, &last);
    struct MHD_Response *response;
    if (code == MHD_HTTP_OK || code == MHD_HTTP_PARTIAL_CONTENT) {
        if (code == MHD_HTTP_OK) {
            first = 0;
            last = size - 1;
        }
        response = http.MHD_create_response_from_fd_at_offset64(size ? last - first + 1 : 0, fd, first);
    } else {
        response = http.MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
        close(fd);
    }
    if (!response)
        return MHD_NO;
    add_headers(response, url, etag, about);
    if (code == MHD_HTTP_PARTIAL_CONTENT)
        snprintf(content_range, sizeof content_range, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first, last, size);
    else
        snprintf(content_range, sizeof content_range, "bytes */%" PRIu64, size);
    if (code == MHD_HTTP_PARTIAL_CONTENT || code == MHD_HTTP_RANGE_NOT_SATISFIABLE)
        http.MHD_add_response_header(response, "Content-Range", content_range);
    enum MHD_Result result = http.MHD_queue_response(connection, code, response);
    http.MHD_destroy_response(response);
    return result;
}

/* A web page elsewhere may point a name of its own at 127.0.0.1 to read what is served here; it cannot choose this name. */
static bool host_is_ours(struct MHD_Connection *connection)
{
    const char *host = header(connection, "Host");
    static const char *const ours[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; host && i < COUNT(ours); i++) {
        size_t len = strlen(ours[i]);
        if (strncasecmp(host, ours[i], len) == 0 && (host[len] == '\0' || host[len] == ':'))
            return true;
    }
    return !host;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **request)
{
    (void)version;
    (void)upload;
    static int begun;
    const int *folder = context;
    /* The first call has only the headers; a body, if any, is passed over. */
    if (!*request) {
        *request = &begun;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer_words(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    if (!host_is_ours(connection))
        return answer_words(connection, MHD_HTTP_FORBIDDEN, "this preview answers to 127.0.0.1 and localhost only\n");
    if (strcmp(url, "/") == 0)
        url = "/index.html";
    struct stat about;
    int fd = *url == '/' ? open_below(*folder, url) : -1;
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        return answer_file(connection, fd, url, &about);
    if (fd >= 0)
        close(fd);
    return answer_words(connection, MHD_HTTP_NOT_FOUND, "not found\n");
}

static int serve(const struct options *options, int folder)
{
    struct problem problem = {0};
    unsigned port = options->port ? (unsigned)options->port : PREVIEW_PORT;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (load(&problem) != STATUS_OK)
        return command_fail(&problem);
    struct MHD_Daemon *daemon = http.MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)port, NULL, NULL, on_request, &folder, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_CONNECTION_LIMIT, 64u, MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_END);
    if (!daemon) {
        problem_errno(&problem, STATUS_UNAVAILABLE, NULL, errno, "cannot listen on 127.0.0.1:%u (another port: --port)", port);
        return command_fail(&problem);
    }
    printf("http://127.0.0.1:%u/\n", port);
    fflush(stdout);
    message_note("a preview for this machine only, ended by Ctrl-C; for others let a web server serve the folder public");
    while (!signals_caught)
        nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    http.MHD_stop_daemon(daemon);
    return 0;
}

static int run(const struct options *options)
{
    char path[PATH_MAX];
    struct problem problem = {0};
    snprintf(path, sizeof path, "%s/public", options->inputs[0]);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        problem_errno(&problem, STATUS_NO_INPUT, path, errno, "cannot be read (crier batch makes it)");
        return command_fail(&problem);
    }
    int code = serve(options, folder);
    close(folder);
    return code;
}

const struct command command_serve = {
    .name = "serve",
    .arguments = "LIBRARY",
    .summary = "a preview of LIBRARY's pages and feed on 127.0.0.1, in a browser of this machine",
    .description =
        "For others let a web server serve the folder LIBRARY/public; it needs byte ranges, as nginx, Apache and Caddy have.",
    .options = specs,
    .n_options = COUNT(specs),
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
