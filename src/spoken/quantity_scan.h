/* Finds quantities in the text: what quantity.c then says. Private to src/spoken. */
#ifndef CRIER_SPOKEN_QUANTITY_SCAN_H
#define CRIER_SPOKEN_QUANTITY_SCAN_H

#include "spoken/quantity.h"

struct unit_name {
    struct str one, many, small_one, small_many; /* small: the hundredth of a currency */
};

enum quantity_kind { QUANTITY_PLAIN, QUANTITY_ORDINAL, QUANTITY_DECADE, QUANTITY_YEAR, QUANTITY_RATIO };

/* [sign] [currency] number [ratio] [scale] [unit or currency] ["/" unit] */
struct quantity {
    size_t start, end;
    enum quantity_kind kind;
    const char *sign;
    struct number number;
    struct number over, under; /* of a ratio: 3/4 */
    bool whole_and_ratio;
    const char *scale;
    struct unit_name currency, unit, per;
    bool prefixed; /* the currency stands before the number */
    bool singular; /* used as an adjective: "a 10-mile walk", "a $20 bill" */
};

/* false where none begins at `at`. */
bool quantity_scan(const struct reader *r, size_t at, struct quantity *q);
/* A number alone: no sign, scale, currency or unit. */
bool quantity_is_bare(const struct quantity *q);

#endif
