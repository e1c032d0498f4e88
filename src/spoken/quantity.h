/* Numbers with their signs, currencies, scales and units. Private to src/spoken. */
#ifndef CRIER_SPOKEN_QUANTITY_H
#define CRIER_SPOKEN_QUANTITY_H

#include "spoken/reader.h"

enum { NUMBER_MAX_DIGITS = 30 };

/* A number as written: "1,250.75", ".5", "007". */
struct number {
    size_t start, end;
    char digits[NUMBER_MAX_DIGITS + 1]; /* before the point, separators left out */
    size_t n_digits;
    struct str fraction; /* digits behind the point */
    bool grouped;        /* written with separators of thousands */
};

/* number_scan.c: false where no number begins at `at`, or a run of digits too long to have a value. */
bool number_scan(const struct reader *r, size_t at, struct number *number);
/* Appends to the digits before the point; false where there are too many. */
bool number_add_digits(struct number *number, struct str digits);
/* The digits before the point. */
struct str number_whole(const struct number *number);
/* Digits as a whole number, -1 with a fraction or too long. */
long number_whole_value(const struct number *number);
void number_speak(struct reader *r, const struct number *number);
/* Is it exactly one, so that its unit is singular? */
bool number_is_one(const struct number *number);

/* The letters right before / after `at`, spaces skipped; "" where something else stands there. At most 24 bytes. */
struct str previous_word(const struct reader *r, size_t at);
struct str next_word(const struct reader *r, size_t at);
/* Is `word` one of the space-separated lower-case `words`? Case is ignored. */
bool word_among(struct str word, const char *words);

/* quantity.c: sign, currency, number, scale, unit; ranges of two. */
size_t quantity_read(struct reader *r, size_t at);
/* 9/11, 24/7, 911 */
size_t idiom_read(struct reader *r, size_t at);
/* d/d/d, d.d.d, d-d-d; d MONTH; MONTH d: date.c */
size_t date_read(struct reader *r, size_t at);
size_t month_read(struct reader *r, size_t at);
/* 7:30 p.m., 14:05 GMT: time.c */
size_t time_read(struct reader *r, size_t at);
/* telephone.c */
size_t telephone_read(struct reader *r, size_t at);
/* place.c: house number and street; ZIP code behind a state. */
size_t place_read(struct reader *r, size_t at);
/* Letters and digits in one word: "B2A23C", "25d08A". serial.c */
size_t serial_read(struct reader *r, size_t at);
void serial_digits(struct reader *r, struct str digits);

/* place.c: words inside of the street of an address; two capitals that are a state. */
size_t street_word_read(struct reader *r, size_t at, size_t end);
size_t state_read(struct reader *r, size_t at, size_t end);
/* Letters said one by one so that engines stress them as one word: "F.B.I"; `ending_s`: "s" for "M.P's". */
void letters_speak(struct reader *r, struct str letters, bool ending_s);

#endif
