#include <iostream>

#include "core/standard_streams.hpp"
#include "sandbox/peers/program.hpp"

int main(int argc, char** argv) {
    vitrine::StandardStreams streams;
    const auto options = vitrine::sandbox::peers::parse_options(argc, argv);
    if (options) return streams.exit_code(vitrine::sandbox::peers::run(*options), "peer-sandbox");
    const auto& [code, text] = options.error();
    if (code == 0) {
        std::cout << text;
    } else {
        std::cerr << "peer-sandbox: " << text << '\n';
    }
    return streams.exit_code(code, "peer-sandbox");
}
