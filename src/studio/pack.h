/* pack: a recording without its MP3 as bytes, for the way from worker to pool and for the cache. Host byte order: both ends are
 * the same machine, and the cache's header says which kind. */
#ifndef CRIER_STUDIO_PACK_H
#define CRIER_STUDIO_PACK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "studio/studio.h"

void recording_pack(const struct recording *recording, size_t n_pieces, struct buffer *out);
/* Arrays in `arena`; recording.mp3 stays NULL. `n_pieces` says how many pieces there must be. STATUS_BAD_DATA, STATUS_NO_MEMORY.
 */
enum status recording_unpack(struct str bytes, size_t n_pieces, struct arena *arena, struct recording *recording);

#endif
