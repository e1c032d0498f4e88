/* calibrate: the gain that brings a voice to the reference loudness, measured over a reference text (EBU R 128). */
#ifndef CRIER_STUDIO_CALIBRATE_H
#define CRIER_STUDIO_CALIBRATE_H

#include "studio/pool.h"

/* Fills gain_db of all studio voices whose gain is NAN, and raises that of all where the programme is to be louder than the
 * reference: from the cache, else measured in workers, as many at once as there are jobs. The result depends on the voice, the
 * engine's identity, the loudness and the reference text alone. */
enum status calibrate_voices(struct studio *studio, struct problem *problem);

#endif
