#include <iostream>

#include "core/standard_streams.hpp"
#include "sandbox/options.hpp"
#include "sandbox/program.hpp"

int main(int argc, char** argv) {
    vitrine::StandardStreams streams;
    const auto options = vitrine::sandbox::parse_options(argc, argv);
    if (options) return streams.exit_code(vitrine::sandbox::run(*options), "clubify-sandbox");
    const auto& [code, text] = options.error();
    if (code == 0) {
        std::cout << text;
    } else {
        std::cerr << "clubify-sandbox: " << text << '\n';
    }
    return streams.exit_code(code, "clubify-sandbox");
}
