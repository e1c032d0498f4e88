#include "studio/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/draft.h"
#include "base/file.h"

/* ---- messages: a kind, a length, that many bytes ---- */

enum { MESSAGE_DATA = 'd', MESSAGE_RESULT = 'r', MESSAGE_ALIVE = 'a', MESSAGE_GROUP = 'g', MESSAGE_END = 'e' };
#define MESSAGE_LIMIT (64u << 20)

struct message_end {
    enum status status;
    struct problem problem;
};

static enum status send_message(struct worker_line *line, uint32_t kind, const void *data, size_t len)
{
    uint32_t head[2] = {kind, (uint32_t)len};
    if (len > MESSAGE_LIMIT)
        return STATUS_FAILED;
    /* At once: every write wakes the parent. */
    struct iovec parts[2] = {{head, sizeof head}, {(void *)(uintptr_t)data, len}};
    return file_writev_all(line->fd, parts, 2) == 0 ? STATUS_OK : STATUS_IO;
}

enum status worker_send_data(struct worker_line *line, struct str bytes)
{
    return send_message(line, MESSAGE_DATA, bytes.data, bytes.len);
}

enum status worker_send_result(struct worker_line *line, struct str bytes)
{
    return send_message(line, MESSAGE_RESULT, bytes.data, bytes.len);
}

void worker_send_alive(struct worker_line *line)
{
    int64_t now = clock_ms();
    if (now - line->alive_ms < 1000)
        return;
    line->alive_ms = now;
    send_message(line, MESSAGE_ALIVE, NULL, 0);
}

void worker_send_group(struct worker_line *line, pid_t pgid)
{
    int64_t group = pgid;
    send_message(line, MESSAGE_GROUP, &group, sizeof group);
}

/* ---- the child ---- */

#define LINE_FD 3

#ifdef CRIER_COVERAGE
void __gcov_dump(void);
#endif

static void child_settle(pid_t parent, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it died before it could take us along */
    setpgid(0, 0);
    draft_forget_all();
    for (int i = 1; i < SIGRTMIN; i++)
        if (i != SIGKILL && i != SIGSTOP)
            signal(i, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere >= 0) {
        dup2(nowhere, 0);
        dup2(nowhere, 1);
#ifndef __SANITIZE_ADDRESS__
        dup2(nowhere, 2); /* engines talk; only the command line may */
#endif
    }
    if (fd != LINE_FD)
        dup2(fd, LINE_FD);
    fcntl(LINE_FD, F_SETFD, FD_CLOEXEC);
    close_range(LINE_FD + 1, ~0U, 0);
}

static void child_run(worker_function *function, void *context)
{
    struct worker_line line = {.fd = LINE_FD, .alive_ms = clock_ms()};
    static struct message_end end;
    end.status = function(context, &line, &end.problem);
    end.problem.status = end.status;
    send_message(&line, MESSAGE_END, &end, sizeof end);
#ifdef CRIER_COVERAGE
    __gcov_dump(); /* _exit would forget it */
#endif
    _exit(0);
}

/* ---- the parent ---- */

enum status worker_start(struct worker *worker, worker_function *function, void *context, struct problem *problem)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return problem_errno(problem, STATUS_FAILED, NULL, errno, "cannot start a worker");
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        child_settle(parent, ends[1]);
        child_run(function, context);
    }
    int failed = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return problem_errno(problem, STATUS_FAILED, NULL, failed, "cannot start a worker");
    }
    buffer_clear(&worker->message.body);
    worker->message.head_got = 0;
    buffer_clear(&worker->data);
    buffer_clear(&worker->result);
    worker->pid = pid;
    worker->group = 0;
    worker->fd = ends[0];
    worker->ended = false;
    worker->status = STATUS_OK;
    worker->problem = (struct problem){0};
    worker->progress_ms = clock_ms();
    return STATUS_OK;
}

static void take_message(struct worker *worker)
{
    struct str body = buffer_view(&worker->message.body);
    switch (worker->message.head[0]) {
    case MESSAGE_RESULT:
        buffer_clear(&worker->result);
        buffer_str(&worker->result, body);
        break;
    case MESSAGE_GROUP: {
        int64_t group = 0;
        if (body.len == sizeof group)
            memcpy(&group, body.data, sizeof group);
        worker->group = (pid_t)group;
        break;
    }
    case MESSAGE_END: {
        struct message_end end;
        if (body.len != sizeof end)
            break;
        memcpy(&end, body.data, sizeof end);
        worker->ended = true;
        worker->status = end.status;
        worker->problem = end.problem;
        break;
    }
    default: break;
    }
}

#define READ_SIZE ((size_t)64 * 1024)

bool worker_read(struct worker *worker)
{
    struct worker_message *message = &worker->message;
    for (;;) {
        bool headed = message->head_got == sizeof message->head;
        struct buffer *body = headed && message->head[0] == MESSAGE_DATA ? &worker->data : &message->body;
        size_t want = headed ? message->body_left : sizeof message->head - message->head_got;
        want = want < READ_SIZE ? want : READ_SIZE;
        if (headed && !buffer_reserve(body, want))
            return false;
        ssize_t got = read(worker->fd, headed ? body->data + body->len : (char *)message->head + message->head_got, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return true;
        if (got <= 0)
            return false;
        worker->progress_ms = clock_ms();
        if (headed) {
            body->len += (size_t)got;
            message->body_left -= (size_t)got;
        } else {
            message->head_got += (size_t)got;
            message->body_left = message->head[1];
            buffer_clear(&message->body);
        }
        if (message->head_got < sizeof message->head || message->body_left)
            continue;
        take_message(worker);
        message->head_got = 0;
    }
}

static int reap(struct worker *worker)
{
    int how = 0;
    while (waitpid(worker->pid, &how, 0) < 0 && errno == EINTR) {
    }
    if (worker->fd >= 0)
        close(worker->fd);
    worker->fd = -1;
    worker->pid = 0;
    return how;
}

static void kill_group(struct worker *worker)
{
    if (worker->group > 1)
        kill(-worker->group, SIGKILL);
    worker->group = 0;
}

enum status worker_finish(struct worker *worker, struct problem *problem)
{
    if (!worker->ended)
        kill(worker->pid, SIGKILL); /* it closed its end without a word: nothing will come of it */
    int how = reap(worker);
    kill_group(worker);
    if (buffer_failed(&worker->message.body) || buffer_failed(&worker->data) || buffer_failed(&worker->result))
        return problem_no_memory(problem);
    if (worker->ended) {
        if (problem && worker->status != STATUS_OK)
            *problem = worker->problem;
        return worker->status;
    }
    const char *name = WIFSIGNALED(how) ? sigdescr_np(WTERMSIG(how)) : NULL;
    return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "the engine crashed (%s)", name ? name : "it ended the process");
}

void worker_kill(struct worker *worker)
{
    if (!worker->pid)
        return;
    kill(worker->pid, SIGKILL);
    (void)worker_read(worker); /* it may have started a program a moment ago */
    kill_group(worker);
    reap(worker);
}

void worker_release(struct worker *worker)
{
    if (!worker)
        return;
    worker_kill(worker);
    buffer_release(&worker->message.body);
    buffer_release(&worker->data);
    buffer_release(&worker->result);
}
