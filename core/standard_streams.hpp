#pragma once

#include <memory>
#include <optional>
#include <string>

namespace vitrine {

/// What a program prints, behind std::cout and std::cerr. The one place that knows
///
/// - whether it was written: a full disk, a closed or a broken standard output is a fault of the
///   program, and one that nobody has read anything from is too. A reader that has read and leaves
///   (`| head`) is none; what is said to it afterwards goes nowhere.
/// - what a terminal may be told: everything passes through `printable`.
///
/// Concurrency: one thread at a time prints to std::cout; std::cerr takes a whole text at a time.
class StandardStreams {
public:
    /// In the first lines of main: also keeps files that are opened later from becoming the
    /// standard input, output or error of a program that was started without.
    StandardStreams();
    ~StandardStreams();
    StandardStreams(const StandardStreams&) = delete;
    StandardStreams& operator=(const StandardStreams&) = delete;

    /// With what main ends: writes what std::cout still holds, and if something of all that was
    /// printed could not be written, says so on the standard error and makes 1 of 0.
    int exit_code(int code, const std::string& program);

private:
    std::optional<std::string> finish();

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Writes what std::cout holds; why something of all that was printed could not be written, in one
/// sentence. A reader that has read and left is no fault.
std::optional<std::string> output_fault();

/// Writes what std::cout holds. False: something was not written, or the reader has left; there is
/// no use in saying more.
bool flush_output();

/// On the standard error as it is, with what moves the cursor: for what is drawn over and over.
void draw_on_terminal(const std::string& text);

}  // namespace vitrine
