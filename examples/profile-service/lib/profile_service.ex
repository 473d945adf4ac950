defmodule ProfileService do
  @moduledoc """
  Takes and gives profiles over HTTP. Commands and queries are apart: a command is answered when the queue has it on a majority of
  its servers, whatever the store does; a query asks the store through connections of its own, so that neither waits for the other.
  A writer takes commands out of the queue and puts them into the store, many at once.

  Roles, by `ROLES`: `commands`, `queries`, `writer`; by default all three.
  """

  def main do
    {:ok, _} =
      Supervisor.start_link(children(roles()), strategy: :one_for_one, max_restarts: 600, max_seconds: 60)

    # The supervisor ends with the process that started it.
    Process.sleep(:infinity)
  end

  def roles do
    System.get_env("ROLES", "commands,queries,writer") |> String.split(",", trim: true)
  end

  defp children(roles) do
    [Counters] ++
      if("commands" in roles, do: [WriteQueue], else: []) ++
      if("queries" in roles, do: [Queries], else: []) ++
      if("writer" in roles, do: [Writer], else: []) ++
      [{Http, port: String.to_integer(System.get_env("PORT", "8080"))}]
  end
end

defmodule Counters do
  @moduledoc "Numbers that `/metrics` shows."
  use Agent

  @names [:accepted, :refused, :read, :written, :batches]

  def start_link(_) do
    :persistent_term.put(__MODULE__, :counters.new(length(@names), [:write_concurrency]))
    Agent.start_link(fn -> nil end, name: __MODULE__)
  end

  def add(name, number \\ 1) do
    :counters.add(:persistent_term.get(__MODULE__), index(name), number)
  end

  def text do
    counters = :persistent_term.get(__MODULE__)
    Enum.map(@names, fn name -> "profiles_#{name}_total #{:counters.get(counters, index(name))}\n" end)
  end

  defp index(name), do: Enum.find_index(@names, &(&1 == name)) + 1
end
