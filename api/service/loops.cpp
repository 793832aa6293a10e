#include "api/service/loops.hpp"

#include <algorithm>

namespace vitrine::api {

Loops::Loops(std::size_t connections) {
    for (std::size_t i = 0; i <= connections; ++i) {
        loops_.push_back(std::make_unique<boost::asio::io_context>(1));
        guards_.emplace_back(loops_.back()->get_executor());
    }
}

Loops::~Loops() {
    stop();
    for (auto& thread : threads_) thread.join();
}

std::vector<boost::asio::io_context*> Loops::connections() {
    std::vector<boost::asio::io_context*> pointers;
    for (std::size_t i = 1; i < loops_.size(); ++i) pointers.push_back(loops_[i].get());
    return pointers;
}

void Loops::run() {
    for (std::size_t i = 1; i < loops_.size(); ++i) {
        threads_.emplace_back([loop = loops_[i].get()] { loop->run(); });
    }
    main().run();
    stop();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void Loops::stop() {
    for (const auto& loop : loops_) loop->stop();
}

std::size_t Loops::usual_count() {
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    return processors == 1 ? 1 : std::clamp<std::size_t>(processors / 2, 2, 4);
}

}  // namespace vitrine::api
