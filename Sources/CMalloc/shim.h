// glibc's own allocator settings: the Glibc module leaves malloc.h out.
#include <malloc.h>
