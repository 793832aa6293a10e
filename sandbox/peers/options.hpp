#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "sandbox/options.hpp"
#include "sandbox/peers/pagarme/pagarme.hpp"

namespace vitrine::sandbox::peers {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 9091;
    std::string profile;
    pagarme::Settings pagarme;
};

std::expected<Options, Ending> parse_options(int count, const char* const* arguments);

}  // namespace vitrine::sandbox::peers
