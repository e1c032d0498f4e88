/* Memory runs out while the cache is at work. The rest of the studio is tested from outside (tests/faults/scarce.py): LAME, soxr
 * and eSpeak NG do not survive it, and they work in processes of their own but for their start. */
#include "scarce.h"

#include <stdlib.h>
#include <unistd.h>

#include "studio/cache.h"

static char folder[] = "/tmp/crier-scarce-XXXXXX";

static enum status keep_bytes(void *context, uint64_t *digest, struct problem *problem)
{
    (void)context;
    struct cache *cache = NULL;
    struct buffer bytes = {0};
    static const char key[] = "0123456789abcdef0123456789abcdef";
    enum status status = cache_open(&cache, folder, 0, problem);
    if (status == STATUS_OK) {
        cache_store_bytes(cache, key, STR("head"), STR("tail"));
        *digest = 1;
        if (cache_load_bytes(cache, key, &bytes) && !str_eq(buffer_view(&bytes), STR("headtail")))
            *digest = 2; /* none is right, another is not */
    }
    cache_close(cache);
    buffer_release(&bytes);
    return status;
}

int main(int argc, char **argv)
{
    scarce_arguments(argc, argv);
    if (!mkdtemp(folder))
        return 1;
    scarce_each("cache", keep_bytes, NULL, 100); /* nothing is wrong because the cache failed */
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : 1;
}
