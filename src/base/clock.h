/* clock: time that only goes forward, whatever is done to the date: how long things take, never what is written. */
#ifndef CRIER_BASE_CLOCK_H
#define CRIER_BASE_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC, from an arbitrary start, in microseconds and in milliseconds. */
int64_t clock_us(void);
int64_t clock_ms(void);

#endif
