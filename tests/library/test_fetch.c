/* fetch over real HTTP: tests/library/web_server.py misbehaves in one way at each address. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>

#include "library/fetch.h"
#include "test.h"
#include "web_server.h"

struct tried {
    struct fetch_reply reply;
    struct problem problem;
    struct arena arena;
    enum status status;
};

static struct tried tried;
static volatile sig_atomic_t stop;
static int timeout_s = 60; /* so that a busy machine does not matter */

static void forget(void)
{
    buffer_release(&tried.reply.body);
    arena_release(&tried.arena);
    tried = (struct tried){0};
}

static void try_request(struct fetch_request request)
{
    struct fetch_limits limits = {.user_agent = "crier/test", .most_bytes = 1 << 20, .timeout_s = timeout_s, .stop = &stop};
    forget();
    if (!request.accept)
        request.accept = "text/html";
    tried.status = fetch(&request, &limits, &tried.reply, &tried.arena, &tried.problem);
}

static void get(const char *path)
{
    char url[256];
    try_request((struct fetch_request){.url = web_server_url(path, url)});
}

static bool body_has(const char *words)
{
    return str_find(buffer_view(&tried.reply.body), str_from(words), 0) != SIZE_MAX;
}

static void fetches_a_page(void **state)
{
    (void)state;
    web_server_file("page.html", "<html>page</html>", 17);
    get("/files/page.html");
    assert_int_equal(tried.status, STATUS_OK);
    assert_str_equal(tried.reply.type, "text/html");
    assert_true(body_has("<html>page</html>"));
    assert_true(tried.reply.private_host);
    assert_true(tried.reply.etag.len > 10);
    assert_str_equal(tried.reply.modified, "Fri, 17 Oct 2025 10:00:00 GMT");
    get("/headers");
    assert_true(body_has("User-Agent: crier/test\n"));
    assert_true(body_has("Accept: text/html\n"));
    assert_true(body_has("gzip"));
    assert_false(body_has("Cookie"));
    assert_false(body_has("Referer"));
}

static void asks_whether_it_changed(void **state)
{
    (void)state;
    char url[256];
    web_server_file("page.html", "<html>page</html>", 17);
    get("/files/page.html");
    char etag[64];
    snprintf(etag, sizeof etag, "%.*s", STR_ARG(tried.reply.etag));
    try_request((struct fetch_request){.url = web_server_url("/files/page.html", url), .etag = str_from(etag)});
    assert_int_equal(tried.status, STATUS_OK);
    assert_true(tried.reply.unchanged);
    assert_true(web_server_answered("/files/page.html 304"));
    assert_int_equal(tried.reply.body.len, 0);
    web_server_file("page.html", "<html>Page</html>", 17);
    try_request((struct fetch_request){.url = web_server_url("/files/page.html", url), .etag = str_from(etag)});
    assert_false(tried.reply.unchanged);
    assert_true(body_has("Page"));
}

static void follows_redirects_within_reason(void **state)
{
    (void)state;
    get("/redirect/5");
    assert_int_equal(tried.status, STATUS_OK);
    assert_true(str_ends(tried.reply.url, STR("/files/page.html")));
    get("/redirect/30");
    assert_int_equal(tried.status, STATUS_BAD_DATA);
    assert_non_null(strstr(tried.problem.text, "redirects more than"));
    get("/to/loop");
    assert_int_equal(tried.status, STATUS_BAD_DATA);
    get("/cookie");
    assert_int_equal(tried.status, STATUS_OK);
    static const char *const elsewhere[] = {"/to/file", "/to/ftp", "/to/gopher"};
    for (size_t i = 0; i < 3; i++) {
        get(elsewhere[i]);
        assert_int_equal(tried.status, STATUS_BAD_DATA);
        assert_int_equal(tried.reply.body.len, 0);
        assert_non_null(strstr(tried.problem.text, "none of http or https"));
    }
}

static void answers_of_failure(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool passing;
        const char *words;
    } cases[] = {{"/status/404", false, "404 (not found)"},
                 {"/status/500", true, "500"},
                 {"/status/403", false, "403 (refused)"},
                 {"/status/429", true, "429"},
                 {"/no-content", false, "204"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        get(cases[i].path);
        assert_int_equal(tried.status, STATUS_NO_INPUT);
        assert_int_equal(tried.reply.passing, cases[i].passing);
        assert_non_null(strstr(tried.problem.text, cases[i].words));
    }
}

static void sizes(void **state)
{
    (void)state;
    static const char *const paths[] = {"/huge.html", "/endless.html", "/gzip-bomb.html"};
    for (size_t i = 0; i < 3; i++) {
        get(paths[i]);
        assert_int_equal(tried.status, STATUS_BAD_DATA);
        assert_string_equal(tried.problem.text, "is larger than 1 megabytes");
        assert_true(tried.reply.body.len <= 1 << 20);
    }
}

static void packed(void **state)
{
    (void)state;
    get("/gzip.html");
    assert_int_equal(tried.status, STATUS_OK);
    assert_true(body_has("by the harbour"));
    get("/bad-gzip.html");
    assert_int_not_equal(tried.status, STATUS_OK);
}

static void slow_and_cut_off(void **state)
{
    (void)state;
    static const char *const slow[] = {"/slow.html", "/stalled.html", "/silent"};
    for (size_t i = 0; i < 3; i++) {
        timeout_s = 2;
        get(slow[i]);
        timeout_s = 60;
        assert_int_equal(tried.status, STATUS_NO_INPUT);
        assert_true(tried.reply.passing);
        assert_string_equal(tried.problem.text, "takes longer than 2 seconds, or stands still");
    }
    static const char *const cut[] = {"/cut.html", "/cut-chunks.html"};
    for (size_t i = 0; i < 2; i++) {
        get(cut[i]);
        assert_int_equal(tried.status, STATUS_NO_INPUT);
        assert_true(tried.reply.passing);
        assert_string_equal(tried.problem.text, "the connection was cut off before the end");
    }
    try_request((struct fetch_request){.url = "http://127.0.0.1:1/"});
    assert_int_equal(tried.status, STATUS_NO_INPUT);
    assert_true(tried.reply.passing);
    try_request((struct fetch_request){.url = "http://no-such-host.invalid/"});
    assert_int_equal(tried.status, STATUS_NO_INPUT);
    assert_true(tried.reply.passing);
}

static void stops_when_told(void **state)
{
    (void)state;
    stop = 1;
    get("/slow.html");
    stop = 0;
    assert_int_equal(tried.status, STATUS_INTERRUPTED);
}

static void charset_of_the_header(void **state)
{
    (void)state;
    get("/wrong-charset.html");
    assert_str_equal(tried.reply.type, "text/html");
    assert_str_equal(tried.reply.charset, "iso-8859-1");
    get("/no-type");
    assert_str_equal(tried.reply.type, "");
    /* The redirect's own Content-Type is not the page's. */
    get("/redirect/0");
    assert_str_equal(tried.reply.charset, "");
}

static void public_only_refuses_this_machine(void **state)
{
    (void)state;
    static const char *const hosts[] = {"127.0.0.1", "localhost", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "0"};
    const char *port = strrchr(web_server.base, ':') + 1;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char url[256];
        snprintf(url, sizeof url, "http://%s:%s/headers", hosts[i], port);
        try_request((struct fetch_request){.url = url, .public_only = true});
        assert_int_equal(tried.status, STATUS_BAD_DATA);
        assert_non_null(strstr(tried.problem.text, "this machine or network"));
        assert_int_equal(tried.reply.body.len, 0);
    }
}

static void private_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool private_host;
    } cases[] = {
        {"127.0.0.1", true},
        {"10.1.2.3", true},
        {"172.16.0.1", true},
        {"172.31.255.255", true},
        {"172.32.0.1", false},
        {"192.168.1.1", true},
        {"192.169.1.1", false},
        {"169.254.169.254", true},
        {"100.64.0.1", true},
        {"100.128.0.1", false},
        {"0.0.0.0", true},
        {"224.0.0.1", true},
        {"255.255.255.255", true},
        {"198.18.0.1", true},
        {"192.0.0.8", true},
        {"93.184.216.34", false},
        {"8.8.8.8", false},
        {"::", true},
        {"::1", true},
        {"fe80::1", true},
        {"fd00::1", true},
        {"ff02::1", true},
        {"::ffff:10.0.0.1", true},
        {"::ffff:8.8.8.8", false},
        {"64:ff9b::7f00:1", true},
        {"64:ff9b::808:808", false},
        {"2002:7f00:1::", true},
        {"2606:2800:220:1::1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool is_v4 = inet_pton(AF_INET, cases[i].address, &v4.sin_addr) == 1;
        assert_true(is_v4 || inet_pton(AF_INET6, cases[i].address, &v6.sin6_addr) == 1);
        const struct sockaddr *address = is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;
        if (fetch_address_is_private(address) != cases[i].private_host)
            fail_msg("%s", cases[i].address);
    }
}

static void addresses_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *written, *base, *url;
    } cases[] = {
        {"HTTP://Example.org/a#part", "", "http://Example.org/a"},
        {" https://example.org/a b\n", "", "https://example.org/a%20b"},
        {"https://example.org/caf\xC3\xA9?q=1", "", "https://example.org/caf%c3%a9?q=1"},
        {"../x.html", "https://example.org/a/b/feed.xml", "https://example.org/a/x.html"},
        {"//other.example/x", "https://example.org/", "https://other.example/x"},
        {"?id=3", "https://example.org/p", "https://example.org/p?id=3"},
        {"file:///etc/passwd", "", NULL},
        {"file:///etc/passwd", "https://example.org/", NULL},
        {"ftp://example.org/", "", NULL},
        {"javascript:alert(1)", "https://example.org/", NULL},
        {"dict://localhost:11211/stats", "", NULL},
        {"", "", NULL},
        {"http://", "", NULL},
        {"http://exa\nmple.org/", "", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct problem problem = {0};
        struct str url;
        enum status status = fetch_address(str_from(cases[i].written), str_from(cases[i].base), &url, &arena, &problem);
        if (cases[i].url) {
            assert_int_equal(status, STATUS_OK);
            if (!str_eq_nocase(url, str_from(cases[i].url)))
                fail_msg("%s gives %s", cases[i].written, url.data);
        } else if (status != STATUS_BAD_DATA) {
            fail_msg("%s is taken as %s", cases[i].written, url.data);
        }
        arena_release(&arena);
    }
    struct arena arena = {0};
    assert_str_equal(fetch_address_shown(STR("https://me:secret@example.org/a@b"), &arena), "https://example.org/a@b");
    assert_str_equal(fetch_address_shown(STR("https://example.org/a@b"), &arena), "https://example.org/a@b");
    arena_release(&arena);
}

static int start(void **state)
{
    (void)state;
    return web_server_start() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    forget();
    web_server_stop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fetches_a_page),
        cmocka_unit_test(asks_whether_it_changed),
        cmocka_unit_test(follows_redirects_within_reason),
        cmocka_unit_test(answers_of_failure),
        cmocka_unit_test(sizes),
        cmocka_unit_test(packed),
        cmocka_unit_test(slow_and_cut_off),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(charset_of_the_header),
        cmocka_unit_test(public_only_refuses_this_machine),
        cmocka_unit_test(private_addresses),
        cmocka_unit_test(addresses_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, start, end);
}
