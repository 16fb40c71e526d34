/* libfcgi's request interface. fcgi_stdio.h is left out: it redefines stdio. */
#include <fcgiapp.h>
