#pragma once

#include <functional>
#include <future>
#include <memory>

#include "projections/projector.hpp"

namespace vitrine::tests {

/// Holds up projectors until it is opened.
class Gate {
public:
    void open() {
        if (!opened_) promise_.set_value();
        opened_ = true;
    }
    std::shared_future<void> future() const { return future_; }

private:
    std::promise<void> promise_;
    std::shared_future<void> future_{promise_.get_future()};
    bool opened_ = false;
};

/// As another projector, but it applies nothing while the gate is closed.
class GatedProjector : public projections::Projector {
public:
    GatedProjector(
        std::unique_ptr<Projector> inner,
        std::shared_future<void> opened,
        std::function<void()> applying
    )
        : inner_(std::move(inner)), opened_(std::move(opened)), applying_(std::move(applying)) {}

    void apply(const projections::RecordedEvent& event) override {
        opened_.wait();
        if (applying_) applying_();
        inner_->apply(event);
    }
    void write() override { inner_->write(); }
    void forget() override { inner_->forget(); }
    std::size_t bytes() const override { return inner_->bytes(); }

private:
    std::unique_ptr<Projector> inner_;
    std::shared_future<void> opened_;
    std::function<void()> applying_;
};

/// `applying` is called before each event, on the thread that applies it.
inline void put_behind(
    const Gate& gate, projections::Projection& projection, std::function<void()> applying = {}
) {
    projection.open = [open = projection.open,
                       opened = gate.future(),
                       applying](SQLite::Database& database, projections::Tables tables) {
        return std::make_unique<GatedProjector>(open(database, tables), opened, applying);
    };
}

}  // namespace vitrine::tests
