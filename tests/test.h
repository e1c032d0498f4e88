/* What every unit test includes: cmocka in its required order. */
#ifndef CRIER_TESTS_TEST_H
#define CRIER_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

/* How often a test of random or of long inputs goes round: all of it as released, less under sanitizers, where scripts/fuzz goes
 * on. */
#ifdef __SANITIZE_ADDRESS__
#define TEST_ROUNDS(n) ((n) / 8)
#else
#define TEST_ROUNDS(n) (n)
#endif

/* assert_string_equal for a struct str. */
#define assert_str_equal(s, literal)                                                                                             \
    do {                                                                                                                         \
        struct str actual_ = (s);                                                                                                \
        char copy_[4096];                                                                                                        \
        snprintf(copy_, sizeof copy_, "%.*s", (int)actual_.len, actual_.data ? actual_.data : "");                               \
        assert_string_equal(copy_, literal);                                                                                     \
    } while (0)

#endif
