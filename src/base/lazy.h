/* Shared libraries that most runs do not need are loaded when they are first used: the speech engine alone would cost every
 * `crier --version` three milliseconds of dynamic linking. */
#ifndef CRIER_BASE_LAZY_H
#define CRIER_BASE_LAZY_H

#include <stddef.h>

#include "base/status.h"

struct lazy_symbol {
    const char *name;
    void *function; /* address of the function pointer to fill */
};
/* For a struct of function pointers named like the functions: LAZY(&api, espeak_Synth). The field must have the function's type.
 */
#define LAZY(api, symbol)                                                                                                        \
    {                                                                                                                            \
#symbol, &(api)->symbol                                                                                                  \
    }

/* Loads `soname` ("libespeak-ng.so.1") and fills all symbols. It stays loaded until the process ends. STATUS_UNAVAILABLE names
 * the Debian package that has it. */
enum status lazy_load(const char *soname, const char *package, const struct lazy_symbol *symbols, size_t n_symbols,
                      struct problem *problem);

#endif
