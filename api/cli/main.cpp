#include <sys/stat.h>

#include "api/cli/command_line.hpp"
#include "core/standard_streams.hpp"

int main(int argc, char** argv) {
    vitrine::StandardStreams streams;
    auto arguments = vitrine::api::take_arguments(argc, argv);
    ::umask(0077);  // whatever is made in a data directory is its owner's alone
    return streams.exit_code(vitrine::api::run_command_line(std::move(arguments)), "vitrine");
}
