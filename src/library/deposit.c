#include "library/deposit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/draft.h"
#include "base/file.h"
#include "base/hash.h"
#include "library/lock.h"

#define LARGEST_ARTICLE ((size_t)256 << 20)

static const char *inbox_path(const char *library, struct str file, struct arena *arena)
{
    return arena_format(arena, "%s/inbox/%.*s", library, STR_ARG(file)).data;
}

static bool exists(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 || errno != ENOENT;
}

bool deposit_is_there(const struct state_page *page, const char *library, struct arena *arena)
{
    struct stat about;
    return page->file.len && lstat(inbox_path(library, page->file, arena), &about) == 0 && S_ISREG(about.st_mode);
}

static enum status write_file(const char *path, struct str bytes, struct problem *problem)
{
    struct draft draft = DRAFT_CLOSED;
    enum status status = draft_open(&draft, path, problem);
    if (status == STATUS_OK)
        status = draft_write(&draft, bytes.data, bytes.len, problem);
    if (status == STATUS_OK)
        status = draft_finish(&draft, problem);
    draft_drop(&draft);
    return status;
}

static enum status hash_file(const char *path, char hex[HASH_HEX_SIZE], struct problem *problem)
{
    struct buffer bytes = {0};
    enum status status = file_read(path, LARGEST_ARTICLE, &bytes, problem);
    if (status == STATUS_OK)
        hash_bytes_hex(buffer_view(&bytes), hex);
    buffer_release(&bytes);
    return status;
}

/* Under the inbox' lock. The file first, then its row: a run that is cut off between them has a file that nobody's address leads
 * to, and the next one puts the article beside it only where its bytes differ. */
static enum status put(const struct deposit *what, struct state *state, const char *library, enum deposit_result *result,
                       struct str *file, struct arena *arena, struct problem *problem)
{
    struct state_page page = {.file = {"", 0}, .hash = {"", 0}};
    bool known = false;
    char hash[HASH_HEX_SIZE], there[HASH_HEX_SIZE] = "";
    hash_bytes_hex(what->bytes, hash);
    enum status status = state_page_find(state, what->url, &page, &known, arena, problem);
    known = known && deposit_is_there(&page, library, arena);
    *result = DEPOSIT_NEW;
    if (status == STATUS_OK && known) {
        status = hash_file(inbox_path(library, page.file, arena), there, problem);
        *result = str_eq_c(page.hash, hash) ? DEPOSIT_SAME : !str_eq_c(page.hash, there) ? DEPOSIT_EDITED : DEPOSIT_CHANGED;
        *file = page.file;
    }
    for (int i = 1; status == STATUS_OK && *result == DEPOSIT_NEW; i++) {
        *file = i == 1 ? arena_format(arena, "%.*s%s", STR_ARG(what->slug), what->ending)
                       : arena_format(arena, "%.*s-%d%s", STR_ARG(what->slug), i, what->ending);
        const char *path = inbox_path(library, *file, arena);
        if (arena_failed(arena))
            return problem_no_memory(problem);
        if (!exists(path))
            break;
        if (hash_file(path, there, NULL) == STATUS_OK && str_eq_c(str_from(hash), there))
            *result = DEPOSIT_SAME;
    }
    if (status == STATUS_OK && (*result == DEPOSIT_NEW || *result == DEPOSIT_CHANGED))
        status = write_file(inbox_path(library, *file, arena), what->bytes, problem);
    if (status != STATUS_OK || *result == DEPOSIT_EDITED)
        return status;
    page = (struct state_page){what->url, *file, str_from(hash), what->etag, what->modified, what->now_s};
    return state_page_put(state, &page, problem);
}

enum status deposit(const struct deposit *what, struct state *state, const char *library, enum deposit_result *result,
                    struct str *file, struct arena *arena, struct problem *problem)
{
    int lock;
    struct str inbox = arena_format(arena, "%s/inbox", library);
    if (arena_failed(arena))
        return problem_no_memory(problem);
    enum status status = file_make_folders(inbox.data, problem);
    if (status != STATUS_OK)
        return status;
    status = library_lock_inbox(&lock, library, problem);
    if (status != STATUS_OK)
        return status;
    status = put(what, state, library, result, file, arena, problem);
    close(lock);
    return status;
}
