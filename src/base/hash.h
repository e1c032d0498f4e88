/* Hashes: XXH3-128 for cache keys and content (fast, stable between versions), SHA-256 for what we tell the world. */
#ifndef CRIER_BASE_HASH_H
#define CRIER_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

#define HASH_HEX_SIZE 33   /* 32 hex digits and NUL */
#define SHA256_HEX_SIZE 65 /* 64 hex digits and NUL */

struct hash {
    void *state; /* XXH3_state_t */
};
/* Fields are length-prefixed when hashed, so that ("ab","c") and ("a","bc") differ. */
enum status hash_init(struct hash *hash);
void hash_release(struct hash *hash);
void hash_field(struct hash *hash, struct str field);
void hash_number(struct hash *hash, int64_t number);
void hash_real(struct hash *hash, double number); /* by its IEEE 754 bits */
void hash_hex(const struct hash *hash, char out[HASH_HEX_SIZE]);

void hash_bytes_hex(struct str bytes, char out[HASH_HEX_SIZE]);
uint64_t hash_bytes_64(struct str bytes);
/* SHA-256 of a whole file, lower-case hex. */
enum status sha256_file_hex(const char *path, char out[SHA256_HEX_SIZE], struct problem *problem);

#endif
