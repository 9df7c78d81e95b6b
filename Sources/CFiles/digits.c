// The data set that ships with the project, in the program itself: it is found from any folder.
#include "CFiles.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif
static const unsigned char digits[] = {
#embed "../../datasets/digits/digits.csv.gz"
};

const void *cf_digits(size_t *size) {
    *size = sizeof digits;
    return digits;
}
