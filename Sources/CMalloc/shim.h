// glibc's own allocator settings: the Glibc module leaves malloc.h out.
#include <malloc.h>

// "This interface is not threadsafe" and counts only before SQLite is first used (https://www.sqlite.org/c3ref/config.html). Swift imports
// no function with a variable number of arguments. 9 is SQLITE_CONFIG_MEMSTATUS.
extern int sqlite3_config(int option, ...);
static inline int gatepost_sqlite_counts_no_memory(void) { return sqlite3_config(9, 0); }
