/* Any program as an engine, by a command template in the voice file:
 *
 *     command = piper --model {voice} --output_file {wav}
 *
 * {voice} the voice's model, {wav} the file the program is to write, {text} the words as one argument, {textfile} a file with the
 * words, {rate} words per minute, {speed} the same as a factor (1 is 175 words per minute), {stretch} one by that factor. Without
 * {text} or {textfile} the words go to standard input, without {wav} the sound comes from standard output. The sound may be WAV,
 * FLAC or whatever libsndfile reads, at any rate, with any number of channels.
 *
 * No shell sees the words: the template is split here (quotes and backslashes as in a shell) and run directly. The program gets a
 * process group of its own, and what it leaves running is killed with it. Its files lie in the run's private folder. */
#include "studio/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sound_file.h"

#define DEFAULT_TIMEOUT_S 60
#define FILE_LIMIT ((rlim_t)1 << 30)
#define PIECE_LIMIT_S (30 * 60)
#define WORDS_LIMIT 64

static char private_folder[PATH_MAX - 64];

static enum status command_open(const char *folder, struct problem *problem)
{
    if (!folder || snprintf(private_folder, sizeof private_folder, "%s", folder) >= (int)sizeof private_folder)
        return problem_set(problem, STATUS_FAILED, NULL, 0, "there is no folder for the sound files of other programs");
    return STATUS_OK;
}

/* ---- the template ---- */

struct placeholder {
    const char *name;
    struct str value;
};

/* The arguments, NUL-terminated one after the other in `text`, and where each begins. */
struct arguments {
    struct buffer text;
    size_t starts[WORDS_LIMIT];
    size_t n;
};

/* Replaces what stands at `*at` where it is a placeholder. */
static bool expand(struct str template, size_t *at, const struct placeholder *values, size_t n_values, struct buffer *out)
{
    for (size_t i = 0; i < n_values; i++) {
        size_t len = strlen(values[i].name);
        if (str_starts(str_sub(template, *at, template.len), (struct str){values[i].name, len})) {
            buffer_str(out, values[i].value);
            *at += len;
            return true;
        }
    }
    return false;
}

/* False where quotes do not close or there are too many words. */
static bool split(struct str template, const struct placeholder *values, size_t n_values, struct arguments *out)
{
    char quote = 0;
    bool inside = false; /* a word */
    for (size_t at = 0; at < template.len;) {
        char c = template.data[at];
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (blank && !quote) {
            if (inside)
                buffer_byte(&out->text, '\0');
            inside = false;
            at++;
            continue;
        }
        if (!inside) {
            if (out->n == WORDS_LIMIT)
                return false;
            out->starts[out->n++] = out->text.len;
            inside = true;
        }
        if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
            at++;
        } else if (c == '\\' && quote != '\'' && at + 1 < template.len) {
            buffer_byte(&out->text, template.data[at + 1]);
            at += 2;
        } else if (c != '{' || !expand(template, &at, values, n_values, &out->text)) {
            buffer_byte(&out->text, c);
            at++;
        }
    }
    if (inside)
        buffer_byte(&out->text, '\0');
    return !quote && !buffer_failed(&out->text);
}

/* The program's file as execvp will find it. */
static bool find_program(const char *name, char *out, size_t size)
{
    if (strchr(name, '/'))
        return snprintf(out, size, "%s", name) < (int)size && access(out, X_OK) == 0;
    const char *path = getenv("PATH");
    struct str rest = str_from(path ? path : "/usr/local/bin:/usr/bin:/bin"), folder;
    while (str_next(&rest, ':', &folder)) {
        struct stat about;
        if (snprintf(out, size, "%.*s/%s", STR_ARG(folder), name) < (int)size && access(out, X_OK) == 0 &&
            stat(out, &about) == 0 && S_ISREG(about.st_mode))
            return true;
    }
    return false;
}

static enum status command_check(const struct voice *voice, struct problem *problem)
{
    struct arguments arguments = {0};
    char path[PATH_MAX];
    enum status status = STATUS_OK;
    if (!split(voice->command, NULL, 0, &arguments) || !arguments.n)
        status = problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "its command '%.*s' cannot be understood: check the quotes",
                             STR_ARG(voice->command));
    else if (!find_program(arguments.text.data, path, sizeof path))
        status = problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "the program '%s' is not installed or not in PATH",
                             arguments.text.data);
    buffer_release(&arguments.text);
    return status;
}

static void hash_stat(struct hash *hash, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return;
    hash_field(hash, str_from(path));
    hash_number(hash, about.st_size);
    hash_number(hash, about.st_mtim.tv_sec);
    hash_number(hash, about.st_mtim.tv_nsec);
}

/* The program and, where the model is a file, the model: models are too large to read them whole. */
static enum status command_identify(const struct voice *voice, struct hash *hash, struct problem *problem)
{
    struct arguments arguments = {0};
    char path[PATH_MAX];
    (void)problem;
    if (split(voice->command, NULL, 0, &arguments) && arguments.n && find_program(arguments.text.data, path, sizeof path))
        hash_stat(hash, path);
    buffer_release(&arguments.text);
    if (snprintf(path, sizeof path, "%.*s", STR_ARG(voice->model)) < (int)sizeof path)
        hash_stat(hash, path);
    return STATUS_OK;
}

/* ---- running it ---- */

struct run {
    char text_path[PATH_MAX], wav_path[PATH_MAX], err_path[PATH_MAX];
    bool text_argument, wav_argument;
    struct arguments arguments;
    const char *program;
};

static enum status run_prepare(struct run *run, const struct voice *voice, double rate_factor, struct str words,
                               struct problem *problem)
{
    long id = (long)getpid();
    snprintf(run->text_path, sizeof run->text_path, "%s/%ld.txt", private_folder, id);
    snprintf(run->wav_path, sizeof run->wav_path, "%s/%ld.wav", private_folder, id);
    snprintf(run->err_path, sizeof run->err_path, "%s/%ld.err", private_folder, id);
    double factor = voice->rate_wpm / 175.0 * rate_factor;
    char rate[32], speed[32], stretch[32];
    snprintf(rate, sizeof rate, "%d", (int)lround(voice->rate_wpm * rate_factor));
    snprintf(speed, sizeof speed, "%.3f", factor > 0 ? factor : 1);
    snprintf(stretch, sizeof stretch, "%.3f", factor > 0 ? 1 / factor : 1);
    const struct placeholder values[] = {
        {"{textfile}", str_from(run->text_path)},
        {"{text}", words},
        {"{wav}", str_from(run->wav_path)},
        {"{voice}", voice->model},
        {"{rate}", str_from(rate)},
        {"{speed}", str_from(speed)},
        {"{stretch}", str_from(stretch)},
    };
    run->text_argument = str_find(voice->command, STR("{text"), 0) != SIZE_MAX;
    run->wav_argument = str_find(voice->command, STR("{wav}"), 0) != SIZE_MAX;
    if (!split(voice->command, values, sizeof values / sizeof *values, &run->arguments) || !run->arguments.n)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "its command cannot be understood");
    run->program = run->arguments.text.data;
    int fd = open(run->text_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && file_write_all(fd, words.data, words.len) == 0 && file_write_all(fd, "\n", 1) == 0;
    int failed = errno;
    if (fd >= 0)
        close(fd);
    return good ? STATUS_OK : problem_errno(problem, STATUS_IO, run->text_path, failed, "cannot write");
}

static void run_clean(struct run *run)
{
    unlink(run->text_path);
    unlink(run->wav_path);
    unlink(run->err_path);
    buffer_release(&run->arguments.text);
}

/* In the new process; comes back only where it cannot become the program. */
static void become(const struct run *run, pid_t parent)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(126);
    const struct rlimit limit = {FILE_LIMIT, FILE_LIMIT};
    setrlimit(RLIMIT_FSIZE, &limit);
    int in = open(run->text_argument ? "/dev/null" : run->text_path, O_RDONLY);
    int out = open(run->wav_argument ? "/dev/null" : run->wav_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = open(run->err_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    if (in < 0 || out < 0 || err < 0)
        return;
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    char *argv[WORDS_LIMIT + 1];
    for (size_t i = 0; i < run->arguments.n; i++)
        argv[i] = run->arguments.text.data + run->arguments.starts[i];
    argv[run->arguments.n] = NULL;
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    execvp(argv[0], argv);
}

static uint64_t run_progress(const struct run *run)
{
    struct stat about;
    uint64_t sum = 0;
    sum += stat(run->wav_path, &about) == 0 ? (uint64_t)about.st_size : 0;
    sum += stat(run->err_path, &about) == 0 ? (uint64_t)about.st_size : 0;
    return sum;
}

/* Waits for the program; false where it made no progress for too long and was killed. */
static bool run_wait(const struct run *run, pid_t pid, int timeout_s, const struct engine_sink *sink, int *how)
{
    int pidfd = pidfd_open(pid, 0);
    int64_t since = clock_ms();
    uint64_t progress = 0;
    bool in_time = true;
    for (;;) {
        pid_t ended = waitpid(pid, how, WNOHANG);
        if (ended == pid || (ended < 0 && errno != EINTR))
            break;
        sink->alive(sink->context);
        uint64_t now_there = run_progress(run);
        if (now_there != progress) {
            progress = now_there;
            since = clock_ms();
        }
        if (clock_ms() - since > (int64_t)timeout_s * 1000) {
            in_time = false;
            kill(-pid, SIGKILL);
            while (waitpid(pid, how, 0) < 0 && errno == EINTR) {
            }
            break;
        }
        struct pollfd poll_for = {.fd = pidfd, .events = POLLIN};
        poll(&poll_for, 1, pidfd >= 0 ? 200 : 5);
    }
    if (pidfd >= 0)
        close(pidfd);
    return in_time;
}

/* The last line of what the program said, for the message. */
static void last_words(const struct run *run, char *out, size_t size)
{
    char tail[400];
    *out = '\0';
    int fd = open(run->err_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    off_t end = lseek(fd, 0, SEEK_END);
    off_t from = end > (off_t)sizeof tail ? end - (off_t)sizeof tail : 0;
    long got = lseek(fd, from, SEEK_SET) == from ? file_read_all(fd, tail, sizeof tail) : 0;
    close(fd);
    struct str text = str_trim((struct str){tail, got > 0 ? (size_t)got : 0}), line, last = {"", 0};
    while (str_next(&text, '\n', &line))
        last = line;
    if (last.len > 200)
        last = str_sub(last, last.len - 200, last.len);
    int len = last.len ? snprintf(out, size, ": %.*s", STR_ARG(last)) : 0;
    for (int i = 0; i < len && out[i]; i++)
        if ((unsigned char)out[i] < 0x20)
            out[i] = ' ';
}

static enum status run_program(const struct run *run, const struct voice *voice, const struct engine_sink *sink,
                               struct problem *problem)
{
    pid_t parent = getpid(), pid = fork();
    if (pid < 0)
        return problem_errno(problem, STATUS_FAILED, NULL, errno, "cannot start '%s'", run->program);
    if (pid == 0) {
        become(run, parent);
        _exit(127);
    }
    setpgid(pid, pid); /* here too: whoever is first */
    sink->group(sink->context, pid);
    int how = 0, timeout_s = voice->timeout_s > 0 ? voice->timeout_s : DEFAULT_TIMEOUT_S;
    bool in_time = run_wait(run, pid, timeout_s, sink, &how);
    kill(-pid, SIGKILL); /* what it left running */
    sink->group(sink->context, 0);
    if (!in_time)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' made no progress for %d seconds", run->program, timeout_s);
    char words[256];
    last_words(run, words, sizeof words);
    if (WIFSIGNALED(how)) {
        const char *name = sigdescr_np(WTERMSIG(how));
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' crashed (%s)%s", run->program, name ? name : "signal",
                           words);
    }
    if (WEXITSTATUS(how) != 0)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' failed with exit code %d%s", run->program,
                           WEXITSTATUS(how), words);
    return STATUS_OK;
}

/* ---- its sound ---- */

#define BLOCK 4096

static enum status pass_on(struct sound_file *file, const char *program, const struct engine_sink *sink, struct problem *problem)
{
    size_t channels = (size_t)file->n_channels;
    float *many = calloc(BLOCK * channels, sizeof *many);
    float block[BLOCK], peak = 0;
    uint64_t total = 0;
    if (!many)
        return problem_no_memory(problem);
    enum status status = sink->start(sink->context, file->rate_hz);
    size_t got = 0;
    while (status == STATUS_OK && total < (uint64_t)PIECE_LIMIT_S * (uint64_t)file->rate_hz &&
           (got = sound_file_read(file, many, BLOCK)) > 0) {
        for (size_t i = 0; i < got; i++) {
            float sum = 0;
            for (size_t c = 0; c < channels; c++)
                sum += isfinite(many[i * channels + c]) ? many[i * channels + c] : 0;
            block[i] = sum / (float)channels;
            peak = fabsf(block[i]) > peak ? fabsf(block[i]) : peak;
        }
        status = sink->samples(sink->context, block, got);
        total += got;
    }
    free(many);
    if (status != STATUS_OK)
        return problem_set(problem, status, NULL, 0, "the sound of '%s' could not be used", program);
    if (!total)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' wrote an empty sound file", program);
    if (got > 0)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' speaks more than %d minutes for one sentence", program,
                           PIECE_LIMIT_S / 60);
    if (peak < 1 / 2048.0f)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' wrote nothing but silence", program);
    return STATUS_OK;
}

static enum status read_sound(const struct run *run, const struct engine_sink *sink, struct problem *problem)
{
    struct stat about;
    if (stat(run->wav_path, &about) != 0 || about.st_size == 0)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' wrote no sound", run->program);
    struct sound_file file;
    enum status status = sound_file_open(&file, run->wav_path, NULL);
    if (status != STATUS_OK)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' wrote something that is no sound file", run->program);
    if (file.n_channels < 1 || file.n_channels > 64 || file.rate_hz < 4000 || file.rate_hz > 192000)
        status = problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "'%s' wrote %d channels at %d Hz", run->program,
                             file.n_channels, file.rate_hz);
    else
        status = pass_on(&file, run->program, sink, problem);
    sound_file_close(&file);
    return status;
}

static enum status command_speak(const struct voice *voice, double rate_factor, struct str words, const struct engine_sink *sink,
                                 struct problem *problem)
{
    static struct run run; /* large; one speech at a time */
    run = (struct run){0};
    enum status status = run_prepare(&run, voice, rate_factor, words, problem);
    if (status == STATUS_OK)
        status = run_program(&run, voice, sink, problem);
    if (status == STATUS_OK)
        status = read_sound(&run, sink, problem);
    run_clean(&run);
    return status;
}

static bool command_is_alone(const struct voice *voice)
{
    (void)voice;
    return false;
}

const struct engine engine_command = {
    .name = "command",
    .open = command_open,
    .check = command_check,
    .identify = command_identify,
    .is_alone = command_is_alone,
    .speak = command_speak,
};
