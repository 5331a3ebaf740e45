#pragma once

#include <functional>
#include <memory>
#include <string>

#include "recorder.hpp"
#include "redactor.hpp"
#include "referee/http/client.hpp"
#include "referee/http/recording.hpp"

namespace referee::http {

/// The request as a recording knows it.
Question question_of(const Request& request, const Redactor& redactor);

/// One request on its way into a recording. Its life ends with its answer; one thread at a time.
class Take {
 public:
  Take(RecordingWriter& writer, const Redactor& redactor, Request& request);
  Take(const Take&) = delete;
  Take& operator=(const Take&) = delete;
  ~Take();

  /// `status`: what the last of the exchanges said, even if it ended in an error.
  void answered(const Result& result, std::size_t exchanges, int status);

 private:
  struct Stream;

  RecordingWriter& writer_;
  const Redactor& redactor_;
  Question question_;
  std::shared_ptr<Stream> stream_;  ///< what goes into Request::into; null: nothing does
};

/// Records as many exchanges as there were, so that they have the same numbers; what went on in between is not known.
/// Returns the number of the last.
std::size_t record_played(Recorder& recorder, const Request& request, const Player::Played& played);

/// The answer as the caller gets it; a body goes into the request's sink if it has one.
Result result_of(Player::Played played, const Request& request);

}  // namespace referee::http
