/* The server of web_server.py beside a test, and the folder that it serves. */
#ifndef CRIER_TESTS_WEB_SERVER_H
#define CRIER_TESTS_WEB_SERVER_H

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

extern char **environ;

static struct {
    pid_t pid;
    int input; /* the server ends when this is closed: it cannot outlive the test */
    char root[64], base[64];
} web_server;

/* Starts the server; false with words on stderr where python3 is missing. */
static bool web_server_start(void)
{
    int in[2], out[2];
    char port[16] = "";
    signal(SIGPIPE, SIG_IGN);
    strcpy(web_server.root, "/tmp/crier-web-XXXXXX");
    if (!mkdtemp(web_server.root) || pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    char *const arguments[] = {(char *)"python3", (char *)CRIER_TESTS_DIR "/library/web_server.py", web_server.root, NULL};
    int failed = posix_spawnp(&web_server.pid, "python3", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    web_server.input = in[1];
    for (size_t len = 0; !failed && len < sizeof port - 1 && !strchr(port, '\n'); len++)
        failed = read(out[0], port + len, 1) != 1;
    if (failed) {
        fprintf(stderr, "the test server did not start\n");
        return false;
    }
    close(out[0]);
    snprintf(web_server.base, sizeof web_server.base, "http://127.0.0.1:%ld", strtol(port, NULL, 10));
    return true;
}

static void web_server_stop(void)
{
    char command[128];
    close(web_server.input);
    waitpid(web_server.pid, NULL, 0);
    snprintf(command, sizeof command, "rm -rf '%s'", web_server.root);
    if (system(command) != 0)
        fprintf(stderr, "%s stays\n", web_server.root);
}

/* "http://127.0.0.1:PORT" + path, in a buffer of the caller. */
static const char *web_server_url(const char *path, char url[256])
{
    snprintf(url, 256, "%s%s", web_server.base, path);
    return url;
}

/* Writes `bytes` as the server's /files/NAME. */
static void web_server_file(const char *name, const char *bytes, size_t len)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", web_server.root, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* The server's last answer: "/path 200". */
static bool web_server_answered(const char *wanted)
{
    char path[256], line[512], last[512] = "";
    snprintf(path, sizeof path, "%s/log", web_server.root);
    FILE *log = fopen(path, "r");
    while (log && fgets(line, sizeof line, log))
        strcpy(last, line);
    if (log)
        fclose(log);
    last[strcspn(last, "\n")] = '\0';
    return strcmp(last, wanted) == 0;
}

#endif
