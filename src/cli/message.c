#include "cli/message.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"

static bool progress_shown;

void message_safe(FILE *out, struct str s)
{
    for (size_t at = 0, next; at < s.len; at = next) {
        unsigned c = utf8_decode(s, at, &next);
        bool bidi = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || bidi || (c == UTF8_REPLACEMENT && next == at + 1))
            putc('?', out);
        else
            fwrite(s.data + at, 1, next - at, out);
    }
}

void message_problem(const struct problem *problem)
{
    message_progress_end();
    fputs("crier: ", stderr);
    if (problem->path[0]) {
        putc('\'', stderr);
        message_safe(stderr, str_from(strcmp(problem->path, "-") == 0 ? "standard input" : problem->path));
        putc('\'', stderr);
        if (problem->line)
            fprintf(stderr, " line %zu", problem->line);
        fputs(": ", stderr);
    }
    message_safe(stderr, str_from(problem->text[0] ? problem->text : "failed"));
    putc('\n', stderr);
}

void message_note(const char *words)
{
    message_progress_end();
    fputs("crier: note: ", stderr);
    message_safe(stderr, str_from(words));
    putc('\n', stderr);
}

void message_progress(size_t done, size_t total)
{
    static int64_t begin_ms, last_ms;
    int64_t now_ms = clock_ms();
    if (begin_ms == 0)
        begin_ms = now_ms;
    if (now_ms - last_ms < 100 || done == 0 || !isatty(STDERR_FILENO))
        return;
    last_ms = now_ms;
    long left = (long)((double)(now_ms - begin_ms) / 1000 / (double)done * (double)(total - done) + 0.5);
    fprintf(stderr, "\rcrier: %3zu %%, passage %zu of %zu, %ld:%02ld left \x1b[K", done * 100 / total, done, total, left / 60,
            left % 60);
    fflush(stderr);
    progress_shown = true;
}

void message_progress_end(void)
{
    if (progress_shown)
        fputs("\r\x1b[K", stderr);
    progress_shown = false;
}

static int stdout_errno;

void message_write_stdout(const void *data, size_t len)
{
    if (len && fwrite(data, 1, len, stdout) != len && !stdout_errno)
        stdout_errno = errno;
}

int message_close_stdout(int code)
{
    if (fflush(stdout) != 0 && !stdout_errno)
        stdout_errno = errno;
    if (!stdout_errno && !ferror(stdout))
        return code;
    struct problem problem = {0};
    problem_errno(&problem, STATUS_IO, NULL, stdout_errno ? stdout_errno : EIO, "cannot write to standard output");
    message_problem(&problem);
    return code ? code : status_exit_code(STATUS_IO);
}
