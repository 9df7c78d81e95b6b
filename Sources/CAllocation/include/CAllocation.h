// Memory that can't be had ends the program with one message and exit code 2.
//
// Swift's runtime traps where malloc returns NULL, and so do parts of the libraries; a program that is linked with this
// says what happened in place of that. Sizes are checked beforehand where they are known: this is for what is left.
#ifndef CALLOCATION_H
#define CALLOCATION_H
#endif
