#include "base/lazy.h"

#include <dlfcn.h>
#include <string.h>

enum status lazy_load(const char *soname, const char *package, const struct lazy_symbol *symbols, size_t n_symbols,
                      struct problem *problem)
{
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "%s cannot be loaded; install the package %s", soname, package);
    for (size_t i = 0; i < n_symbols; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (!address)
            return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "%s has no function %s; a newer %s is needed", soname,
                               symbols[i].name, package);
        /* POSIX: a pointer from dlsym can be stored as a pointer to a function. */
        memcpy(symbols[i].function, &address, sizeof address);
    }
    return STATUS_OK;
}
