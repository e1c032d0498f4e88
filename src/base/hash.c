#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sha2.h>
#include <xxhash.h>

enum status hash_init(struct hash *hash)
{
    XXH3_state_t *state = XXH3_createState();
    hash->state = state;
    if (!state)
        return STATUS_NO_MEMORY;
    XXH3_128bits_reset(state);
    return STATUS_OK;
}

void hash_release(struct hash *hash)
{
    if (!hash || !hash->state)
        return;
    XXH3_freeState(hash->state);
    hash->state = NULL;
}

void hash_field(struct hash *hash, struct str field)
{
    hash_number(hash, (int64_t)field.len);
    XXH3_128bits_update(hash->state, field.data ? field.data : "", field.len);
}

void hash_number(struct hash *hash, int64_t number)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> (8 * i));
    XXH3_128bits_update(hash->state, bytes, sizeof bytes);
}

void hash_real(struct hash *hash, double number)
{
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    hash_number(hash, bits);
}

void hash_hex(const struct hash *hash, char out[HASH_HEX_SIZE])
{
    XXH128_hash_t value = XXH3_128bits_digest(hash->state);
    snprintf(out, HASH_HEX_SIZE, "%016" PRIx64 "%016" PRIx64, (uint64_t)value.high64, (uint64_t)value.low64);
}

void hash_bytes_hex(struct str bytes, char out[HASH_HEX_SIZE])
{
    XXH128_hash_t value = XXH3_128bits(bytes.data ? bytes.data : "", bytes.len);
    snprintf(out, HASH_HEX_SIZE, "%016" PRIx64 "%016" PRIx64, (uint64_t)value.high64, (uint64_t)value.low64);
}

uint64_t hash_bytes_64(struct str bytes)
{
    return XXH3_64bits(bytes.data ? bytes.data : "", bytes.len);
}

enum status sha256_file_hex(const char *path, char out[SHA256_HEX_SIZE], struct problem *problem)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return problem_errno(problem, STATUS_IO, path, errno, "cannot read");
    SHA2_CTX context;
    SHA256Init(&context);
    static _Thread_local uint8_t block[64 * 1024];
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0)
            SHA256Update(&context, block, (size_t)got);
    int failed = got < 0 ? errno : 0;
    close(fd);
    if (failed)
        return problem_errno(problem, STATUS_IO, path, failed, "cannot read");
    SHA256End(&context, out);
    return STATUS_OK;
}
