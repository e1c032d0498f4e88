#include "library/fetch.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/lazy.h"

#define REDIRECTS 10L
#define CONNECT_S 15L
#define ADDRESS_LENGTH 4000

static struct {
    __typeof__(&curl_global_init) curl_global_init;
    __typeof__(&curl_easy_init) curl_easy_init;
    CURLcode (*curl_easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*curl_easy_getinfo)(CURL *, CURLINFO, ...);
    __typeof__(&curl_easy_perform) curl_easy_perform;
    __typeof__(&curl_easy_cleanup) curl_easy_cleanup;
    __typeof__(&curl_slist_append) curl_slist_append;
    __typeof__(&curl_slist_free_all) curl_slist_free_all;
    __typeof__(&curl_url) curl_url;
    __typeof__(&curl_url_set) curl_url_set;
    __typeof__(&curl_url_get) curl_url_get;
    __typeof__(&curl_url_cleanup) curl_url_cleanup;
    __typeof__(&curl_free) curl_free;
    bool ready;
} api;

static enum status load(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&api, curl_global_init),  LAZY(&api, curl_easy_init),      LAZY(&api, curl_easy_setopt),
        LAZY(&api, curl_easy_getinfo), LAZY(&api, curl_easy_perform),   LAZY(&api, curl_easy_cleanup),
        LAZY(&api, curl_slist_append), LAZY(&api, curl_slist_free_all), LAZY(&api, curl_url),
        LAZY(&api, curl_url_set),      LAZY(&api, curl_url_get),        LAZY(&api, curl_url_cleanup),
        LAZY(&api, curl_free),
    };
    if (api.ready)
        return STATUS_OK;
    enum status status = lazy_load("libcurl.so.4", "libcurl4", symbols, sizeof symbols / sizeof *symbols, problem);
    if (status == STATUS_OK && api.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        status = problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "libcurl cannot be used");
    api.ready = status == STATUS_OK;
    return status;
}

/* ---- addresses ------------------------------------------------------------------------------------------------------- */

static bool ipv4_is_private(const uint8_t a[4])
{
    return a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224 || (a[0] == 100 && (a[1] & 0xC0) == 64) ||
           (a[0] == 169 && a[1] == 254) || (a[0] == 172 && (a[1] & 0xF0) == 16) || (a[0] == 192 && a[1] == 168) ||
           (a[0] == 192 && a[1] == 0 && a[2] == 0) || (a[0] == 198 && (a[1] & 0xFE) == 18);
}

bool fetch_address_is_private(const struct sockaddr *address)
{
    static const uint8_t zeros[12], mapped[12] = {[10] = 0xFF, [11] = 0xFF}, nat64[12] = {0x00, 0x64, 0xFF, 0x9B};
    if (address->sa_family == AF_INET) {
        uint8_t a[4];
        memcpy(a, &((const struct sockaddr_in *)(const void *)address)->sin_addr, sizeof a);
        return ipv4_is_private(a);
    }
    if (address->sa_family != AF_INET6)
        return true;
    uint8_t a[16];
    memcpy(a, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, sizeof a);
    if (memcmp(a, zeros, 12) == 0 || (a[0] & 0xFE) == 0xFC || (a[0] == 0xFE && a[1] >= 0x80) || a[0] == 0xFF)
        return true; /* ::, ::1; unique local; link-local and site-local; multicast */
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
        return ipv4_is_private(a + 12);
    return a[0] == 0x20 && a[1] == 0x02 && ipv4_is_private(a + 2); /* 6to4 */
}

static struct str url_part(CURLU *url, CURLUPart part, struct arena *arena)
{
    char *text = NULL;
    if (api.curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return (struct str){"", 0};
    struct str copy = arena_copy(arena, str_from(text));
    api.curl_free(text);
    return copy;
}

enum status fetch_address(struct str written, struct str base, struct str *result, struct arena *arena, struct problem *problem)
{
    *result = (struct str){"", 0};
    enum status status = load(problem);
    if (status != STATUS_OK)
        return status;
    CURLU *url = api.curl_url();
    if (!url)
        return problem_no_memory(problem);
    written = str_trim(written);
    CURLUcode code = CURLUE_OK;
    const char *shown = arena_c_string(arena, written);
    if (base.len)
        code = api.curl_url_set(url, CURLUPART_URL, arena_c_string(arena, base), CURLU_URLENCODE);
    if (written.len > ADDRESS_LENGTH)
        code = CURLUE_BAD_PARTPOINTER;
    if (code == CURLUE_OK)
        code = api.curl_url_set(url, CURLUPART_URL, shown, CURLU_URLENCODE);
    struct str scheme = code == CURLUE_OK ? url_part(url, CURLUPART_SCHEME, arena) : (struct str){"", 0};
    if (code == CURLUE_UNSUPPORTED_SCHEME || (scheme.len && !str_eq_c(scheme, "http") && !str_eq_c(scheme, "https")))
        status = problem_set(problem, STATUS_BAD_DATA, shown, 0, "only http and https addresses are fetched");
    else if (code != CURLUE_OK || !url_part(url, CURLUPART_HOST, arena).len)
        status = problem_set(problem, STATUS_BAD_DATA, shown, 0, "is no web address");
    if (status == STATUS_OK) {
        api.curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
        *result = url_part(url, CURLUPART_URL, arena);
    }
    api.curl_url_cleanup(url);
    return arena_failed(arena) ? problem_no_memory(problem) : status;
}

struct str fetch_address_shown(struct str url, struct arena *arena)
{
    size_t host = str_find(url, STR("://"), 0);
    if (host == SIZE_MAX)
        return url;
    size_t end = host + 3, at = SIZE_MAX;
    for (; end < url.len && !strchr("/?#", url.data[end]); end++)
        if (url.data[end] == '@')
            at = end;
    if (at == SIZE_MAX)
        return url;
    return arena_format(arena, "%.*s%.*s", (int)(host + 3), url.data, (int)(url.len - at - 1), url.data + at + 1);
}

/* ---- one request ------------------------------------------------------------------------------------------------- */

struct transfer {
    const struct fetch_request *request;
    const struct fetch_limits *limits;
    struct fetch_reply *reply;
    struct arena *arena;
    bool too_big, refused_private, redirected, proxied;
};

static size_t take_body(char *data, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    (void)size; /* always 1 */
    if (n > transfer->limits->most_bytes - transfer->reply->body.len) {
        transfer->too_big = true;
        return 0;
    }
    buffer_append(&transfer->reply->body, data, n);
    return buffer_failed(&transfer->reply->body) ? 0 : n;
}

/* The value where `line` is the header `name`. */
static bool header_value(struct str line, const char *name, struct str *value)
{
    size_t len = strlen(name);
    if (line.len <= len || strncasecmp(line.data, name, len) != 0 || line.data[len] != ':')
        return false;
    *value = str_trim(str_sub(line, len + 1, line.len));
    return true;
}

/* "text/HTML; charset="utf-8"": type and charset. */
static void read_type(struct str value, struct fetch_reply *reply, struct arena *arena)
{
    struct str type = {"", 0}, part;
    str_next(&value, ';', &type);
    type = arena_copy(arena, str_trim(type));
    reply->type = type;
    for (char *c = (char *)(uintptr_t)type.data; type.len && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    while (str_next(&value, ';', &part)) {
        part = str_trim(part);
        if (part.len < 8 || strncasecmp(part.data, "charset=", 8) != 0)
            continue;
        part = str_sub(part, 8, part.len);
        while (part.len && (part.data[0] == '"' || part.data[0] == '\''))
            part = str_sub(part, 1, part.len);
        while (part.len && (part.data[part.len - 1] == '"' || part.data[part.len - 1] == '\''))
            part.len--;
        reply->charset = arena_copy(arena, str_sub(part, 0, 60));
    }
}

/* Only the last answer's headers count: each status line begins anew. */
static size_t take_header(char *data, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    struct fetch_reply *reply = transfer->reply;
    struct str line = {data, size * n}, value;
    if (line.len > 5 && strncasecmp(data, "HTTP/", 5) == 0)
        reply->type = reply->charset = reply->etag = reply->modified = (struct str){"", 0};
    else if (header_value(line, "Content-Type", &value))
        read_type(value, reply, transfer->arena);
    else if (header_value(line, "ETag", &value) && value.len < 1000)
        reply->etag = arena_copy(transfer->arena, value);
    else if (header_value(line, "Last-Modified", &value) && value.len < 100)
        reply->modified = arena_copy(transfer->arena, value);
    else if (header_value(line, "Location", &value))
        transfer->redirected = true;
    return size * n;
}

/* Called with the address that the name has been resolved to, so that no name and no redirect gets round it. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    (void)purpose;
    bool private_host = !transfer->proxied && fetch_address_is_private(&address->addr);
    bool first = !transfer->redirected;
    if (private_host && (transfer->request->public_only || (!first && !transfer->reply->private_host))) {
        transfer->refused_private = true;
        return CURL_SOCKET_BAD;
    }
    if (first)
        transfer->reply->private_host = private_host;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
    const struct transfer *transfer = context;
    (void)total, (void)now, (void)up_total, (void)up_now;
    return transfer->limits->stop && *transfer->limits->stop;
}

/* The names that libcurl looks for itself. Behind a proxy the proxy resolves, and its keeper decides what may be reached. */
static bool proxy_is_set(void)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return true;
    }
    return false;
}

static enum status explain(CURLcode code, long http, struct transfer *transfer, struct problem *problem)
{
    struct fetch_reply *reply = transfer->reply;
    const struct fetch_limits *limits = transfer->limits;
    const char *shown = fetch_address_shown(str_from(transfer->request->url), transfer->arena).data;
    if (buffer_failed(&reply->body) || code == CURLE_OUT_OF_MEMORY)
        return problem_no_memory(problem);
    if (transfer->too_big || code == CURLE_FILESIZE_EXCEEDED)
        return problem_set(problem, STATUS_BAD_DATA, shown, 0, "is larger than %zu megabytes", limits->most_bytes >> 20);
    if (transfer->refused_private)
        return problem_set(problem, STATUS_BAD_DATA, shown, 0, "leads to an address of this machine or network and is refused");
    switch (code) {
    case CURLE_ABORTED_BY_CALLBACK: return problem_set(problem, STATUS_INTERRUPTED, shown, 0, "interrupted");
    case CURLE_UNSUPPORTED_PROTOCOL:
        return problem_set(problem, STATUS_BAD_DATA, shown, 0, "leads to an address that is none of http or https");
    case CURLE_URL_MALFORMAT: return problem_set(problem, STATUS_BAD_DATA, shown, 0, "is no web address");
    case CURLE_TOO_MANY_REDIRECTS:
        return problem_set(problem, STATUS_BAD_DATA, shown, 0, "redirects more than %ld times", REDIRECTS);
    case CURLE_HTTP_RETURNED_ERROR:
        reply->passing = http >= 500 || http == 408 || http == 429;
        return problem_set(problem, STATUS_NO_INPUT, shown, 0, "the server answers %ld%s", http,
                           http == 404 || http == 410   ? " (not found)"
                           : http == 401                ? " (wants a password)"
                           : http == 402 || http == 403 ? " (refused)"
                           : http == 429                ? " (too many requests)"
                           : http >= 500                ? " (the fault is on its side)"
                                                        : "");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return problem_set(problem, STATUS_NO_INPUT, shown, 0,
                           "the certificate cannot be trusted (is the package "
                           "ca-certificates installed?)");
    default: break;
    }
    reply->passing = true;
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return problem_set(problem, STATUS_NO_INPUT, shown, 0, "there is no such host, or no network");
    case CURLE_COULDNT_CONNECT: return problem_set(problem, STATUS_NO_INPUT, shown, 0, "cannot be connected to");
    case CURLE_OPERATION_TIMEDOUT:
        return problem_set(problem, STATUS_NO_INPUT, shown, 0, "takes longer than %ld seconds, or stands still",
                           limits->timeout_s);
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2_STREAM: return problem_set(problem, STATUS_NO_INPUT, shown, 0, "the connection was cut off before the end");
    case CURLE_BAD_CONTENT_ENCODING: return problem_set(problem, STATUS_NO_INPUT, shown, 0, "is packed in a damaged way");
    default: return problem_set(problem, STATUS_NO_INPUT, shown, 0, "cannot be fetched (libcurl error %d)", (int)code);
    }
}

static struct curl_slist *request_headers(const struct fetch_request *request, struct arena *arena, bool *failed)
{
    const struct {
        const char *name;
        struct str value;
    } headers[] = {
        {"Accept", str_from(request->accept)}, {"If-None-Match", request->etag}, {"If-Modified-Since", request->modified}};
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < sizeof headers / sizeof *headers && !*failed; i++) {
        if (!headers[i].value.len)
            continue;
        struct curl_slist *longer =
            api.curl_slist_append(list, arena_format(arena, "%s: %.*s", headers[i].name, STR_ARG(headers[i].value)).data);
        *failed = !longer;
        list = longer ? longer : list;
    }
    return list;
}

static void set_options(CURL *easy, struct transfer *transfer, struct curl_slist *headers)
{
    const struct fetch_limits *limits = transfer->limits;
    api.curl_easy_setopt(easy, CURLOPT_URL, transfer->request->url);
    api.curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    api.curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    api.curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    api.curl_easy_setopt(easy, CURLOPT_MAXREDIRS, REDIRECTS);
    api.curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    api.curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    api.curl_easy_setopt(easy, CURLOPT_USERAGENT, limits->user_agent);
    api.curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    api.curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that this libcurl can unpack */
    api.curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""); /* kept for this request only: some sites redirect for ever without */
    api.curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_S < limits->timeout_s ? CONNECT_S : limits->timeout_s);
    api.curl_easy_setopt(easy, CURLOPT_TIMEOUT, limits->timeout_s);
    api.curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 16L);
    api.curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, limits->timeout_s / 2 + 1);
    api.curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)limits->most_bytes);
    api.curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    api.curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    api.curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    api.curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    api.curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    api.curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    api.curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L); /* a kept connection would not pass open_socket */
    api.curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    api.curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    api.curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
}

enum status fetch(const struct fetch_request *request, const struct fetch_limits *limits, struct fetch_reply *reply,
                  struct arena *arena, struct problem *problem)
{
    *reply = (struct fetch_reply){.url = {"", 0}, .type = {"", 0}, .charset = {"", 0}, .etag = {"", 0}, .modified = {"", 0}};
    enum status status = load(problem);
    if (status != STATUS_OK)
        return status;
    struct transfer transfer = {.request = request, .limits = limits, .reply = reply, .arena = arena, .proxied = proxy_is_set()};
    bool failed = false;
    struct curl_slist *headers = request_headers(request, arena, &failed);
    CURL *easy = api.curl_easy_init();
    CURLcode code = CURLE_OUT_OF_MEMORY;
    long http = 0;
    if (easy && !failed) {
        const char *last = NULL;
        set_options(easy, &transfer, headers);
        code = api.curl_easy_perform(easy);
        api.curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &http);
        api.curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &last);
        reply->url = arena_copy(arena, str_from(last ? last : request->url));
    }
    reply->unchanged = code == CURLE_OK && http == 304;
    /* Cleaning up joins libcurl's resolver thread: none is left when the studio forks. */
    api.curl_easy_cleanup(easy);
    api.curl_slist_free_all(headers);
    if (code != CURLE_OK)
        return explain(code, http, &transfer, problem);
    if (http != 200 && http != 203 && !reply->unchanged)
        return problem_set(problem, STATUS_NO_INPUT, fetch_address_shown(str_from(request->url), arena).data, 0,
                           "the server answers %ld, which is no page", http);
    return arena_failed(arena) ? problem_no_memory(problem) : STATUS_OK;
}
