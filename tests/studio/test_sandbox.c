/* A confined worker: each thing that it gave up is tried and refused, and what it needs still works. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "studio/sandbox.h"
#include "studio/worker.h"

static const char victim[] = "/tmp/crier-sandbox-victim";

static int opens(int flags)
{
    int fd = open(victim, flags, 0666);
    if (fd >= 0)
        close(fd);
    return fd;
}

static int makes_socket(int family)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        close(fd);
    return fd;
}

static int starts_child(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    return pid < 0 ? -1 : 0;
}

static int starts_program(void)
{
    char *const arguments[] = {"true", NULL};
    return execv("/bin/true", arguments);
}

static int runs_shell(void)
{
    char *const arguments[] = {"sh", "-c", ":", NULL};
    pid_t pid;
    errno = posix_spawn(&pid, "/bin/sh", NULL, NULL, arguments, NULL);
    return errno ? -1 : 0;
}

/* Each is -1 where it was refused. */
static int attempt(int i)
{
    switch (i) {
    case 0: return opens(O_WRONLY);
    case 1: return opens(O_RDWR);
    case 2: return opens(O_RDONLY | O_CREAT);
    case 3: return opens(O_RDONLY | O_TRUNC);
    case 4: return opens(O_WRONLY | O_APPEND);
    case 5: return unlink(victim);
    case 6: return rename(victim, "/tmp/crier-sandbox-other");
    case 7: return mkdir("/tmp/crier-sandbox-folder", 0700);
    case 8: return symlink(victim, "/tmp/crier-sandbox-other");
    case 9: return link(victim, "/tmp/crier-sandbox-other");
    case 10: return chmod(victim, 0777);
    case 11: return truncate(victim, 0);
    case 12: return makes_socket(AF_INET);
    case 13: return makes_socket(AF_UNIX);
    case 14: return starts_child();
    case 15: return kill(getppid(), 0);
    case 16: return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    case 17: return runs_shell();
    case 18: return starts_program();
    default: abort();
    }
}
enum { ATTEMPTS = 19 };

static enum status try_all(void *context, struct worker_line *line, struct problem *problem)
{
    (void)context;
    (void)line;
    if (!sandbox_enter())
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "no sandbox");
    for (int i = 0; i < ATTEMPTS; i++) {
        errno = 0;
        if (attempt(i) != -1 || errno != EPERM)
            return problem_set(problem, STATUS_FAILED, NULL, 0, "attempt %d was not refused (%s)", i, strerror(errno));
    }
    int fd = open(victim, O_RDONLY | O_CLOEXEC);
    char word[9] = "";
    if (fd < 0 || read(fd, word, 8) != 8 || strcmp(word, "precious") != 0)
        return problem_set(problem, STATUS_FAILED, NULL, 0, "a file cannot be read");
    close(fd);
    void *memory = malloc((size_t)64 << 20);
    if (!memory)
        return problem_set(problem, STATUS_FAILED, NULL, 0, "there is no memory");
    free(memory);
    return worker_send_result(line, STR("done"));
}

static enum status run(worker_function *function, struct buffer *result, struct problem *problem)
{
    struct worker worker = {0};
    assert_int_equal(worker_start(&worker, function, NULL, problem), STATUS_OK);
    while (worker_read(&worker))
        usleep(1000);
    enum status status = worker_finish(&worker, problem);
    buffer_append(result, worker.result.data, worker.result.len);
    worker_release(&worker);
    return status;
}

static void what_was_given_up_is_refused(void **state)
{
    (void)state;
    if (!sandbox_is_there())
        skip();
    FILE *file = fopen(victim, "we");
    assert_non_null(file);
    assert_true(fputs("precious", file) >= 0 && fclose(file) == 0);
    struct problem problem = {0};
    struct buffer result = {0};
    enum status status = run(try_all, &result, &problem);
    if (status != STATUS_OK)
        print_error("%s\n", problem.text);
    assert_int_equal(status, STATUS_OK);
    assert_str_equal(buffer_view(&result), "done");
    buffer_release(&result);
    assert_int_equal(unlink(victim), 0); /* the parent has all its rights */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_given_up_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
