/* A cast file: refused with a line, or a cast in which every role has a voice and every number is in range. */
#include "fuzz.h"

#include "cast/cast.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_file file = fuzz_file_make(data, size);
    char path[128];
    snprintf(path, sizeof path, "/proc/self/fd/../fd/%d", file.fd);
    struct cast cast;
    struct problem problem = {0};
    enum status status = cast_load(&cast, CRIER_SOURCE_DIR "/../voices", path, STR("en"), &problem);
    fuzz_check_problem(status, &problem);
    if (status == STATUS_OK) {
        fuzz_require(cast.n_voices >= 1, "a cast without voices");
        for (size_t i = 0; i < ROLE_COUNT; i++) {
            fuzz_require(cast.n_role_voices[i] >= 1, "role %s without voices", role_name((enum role)i));
            for (size_t k = 0; k < cast.n_role_voices[i]; k++)
                fuzz_require(cast.role_voices[i][k] < cast.n_voices, "role with a voice that is not there");
        }
        for (size_t i = 0; i < cast.n_voices; i++) {
            const struct voice *voice = &cast.voices[i];
            fuzz_require(cast_find_voice(&cast, voice->name) == i, "two voices of one name");
            fuzz_require(voice->pitch >= 0 && voice->pitch <= 99 && voice->range >= 0 && voice->range <= 99 &&
                             voice->rate_wpm >= 80 && voice->rate_wpm <= 450 && voice->amplitude >= 0 && voice->amplitude <= 200,
                         "a number out of range");
            fuzz_require(!str_eq_c(voice->engine, "command") || voice->command.len, "a command that is none");
            fuzz_require(!voice->fallback.len || cast_find_voice(&cast, voice->fallback) != SIZE_MAX, "falls back on nobody");
        }
        fuzz_require(cast.arena.total <= ((size_t)1 << 20) + 200 * size, "%zu bytes for %zu", cast.arena.total, size);
        cast_release(&cast);
    }
    close(file.fd);
    return 0;
}
