#pragma once

// The one place that includes the test framework: Catch2 2.13 has no <format>, and its macros
// evaluate an expression once under clang only.
#include <catch2/catch.hpp>
