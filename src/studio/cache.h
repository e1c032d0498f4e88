/* cache: recordings and measured gains, each under the hash of everything that can change it (FOLDER/xx/HASH.rec).
 *
 * A file is written beside its place and renamed, and carries the hash of its content, which is checked whenever it is read: any
 * number of processes may use one folder, and a torn or altered file is no file. Nothing is ever wrong because the cache failed;
 * it only takes longer. The time stamp of a file says when it was last used; the oldest go first. */
#ifndef CRIER_STUDIO_CACHE_H
#define CRIER_STUDIO_CACHE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "studio/pool.h"
#include "studio/studio.h"

#define CACHE_DEFAULT_LIMIT (2ull << 30)

struct cache;
/* Creates the folder where it is missing. STATUS_NO_OUTPUT where that cannot be. */
enum status cache_open(struct cache **cache, const char *folder, uint64_t limit_bytes, struct problem *problem);
/* Prunes where this run made the cache grow over its limit. Accepts NULL. */
void cache_close(struct cache *cache);

/* Key of a passage under the studio's settings and voices. STATUS_NO_MEMORY, STATUS_NO_INPUT. */
enum status cache_key(const struct studio *studio, const struct passage *passage, char key[HASH_HEX_SIZE]);

/* False where there is none or it is damaged. Arrays in `arena`, MP3 in `mp3`. */
bool cache_load(struct cache *cache, const char *key, size_t n_pieces, struct arena *arena, struct buffer *mp3,
                struct recording *recording);
void cache_store(struct cache *cache, const char *key, size_t n_pieces, const struct recording *recording);

/* Any bytes, the same way. */
bool cache_load_bytes(struct cache *cache, const char *key, struct buffer *bytes);
void cache_store_bytes(struct cache *cache, const char *key, struct str head, struct str tail);

#endif
