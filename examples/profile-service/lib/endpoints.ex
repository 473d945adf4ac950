defmodule Endpoints do
  @moduledoc """
  - `PUT /profiles/ID`: 202 when the queue has it; 503 when it may not have it, and the caller tries again.
  - `GET /profiles/ID`: 200 with what the store has; 404; 503 when the store does not answer.
  - `GET /health`: 200 while its roles can do their work. A writer whose store is away is well: that is what the queue is for.
  """

  def answer(:PUT, "/profiles/" <> id, body) do
    if well_formed?(id, body), do: put(id, body), else: {400, ""}
  end

  def answer(:GET, "/profiles/" <> id, _), do: get(id)
  def answer(:GET, "/health", _), do: health()
  def answer(:GET, "/metrics", _), do: {200, [Counters.text(), "profiles_waiting #{waiting()}\n"]}
  def answer(_, _, _), do: {404, ""}

  defp put(id, body) do
    case WriteQueue.put(id, body) do
      {:ok, version} ->
        Counters.add(:accepted)
        {202, "{\"version\":#{version}}"}

      {:error, _} ->
        Counters.add(:refused)
        {503, ""}
    end
  end

  defp get(id) do
    case Queries.get(id) do
      {:ok, body} ->
        Counters.add(:read)
        {200, body}

      :none ->
        {404, ""}

      {:error, _} ->
        {503, ""}
    end
  end

  defp health do
    if "commands" not in ProfileService.roles() or WriteQueue.connected?(), do: {200, "{}"}, else: {503, ""}
  end

  defp waiting do
    if Process.whereis(WriteQueue), do: WriteQueue.waiting(), else: 0
  end

  defp well_formed?(id, body) do
    Regex.match?(~r/\A[A-Za-z0-9_-]{1,64}\z/, id) and String.valid?(body) and not String.contains?(body, <<0>>)
  end
end
