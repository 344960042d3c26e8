namespace SanityChecks.Images.GrabCut;

/// <summary>The minimum cut of a grid of pixels, each joined to its eight neighbors, to a source and to a sink.</summary>
/// <remarks>
/// The maximum flow by Boykov and Kolmogorov 2004, "An Experimental Comparison of Min-Cut/Max-Flow Algorithms": a tree grows from the
/// source and one from the sink until they meet; the path between them is filled, what it cuts off becomes orphans, and these look for
/// another parent in their tree. Trees are kept between paths. A border of one pixel without any capacity around the grid spares all
/// comparisons with its edges. Nothing is random and one thread works, so that the cut is always the same.
/// </remarks>
internal sealed class GridCut
{
    private const int Directions = 8;
    private const sbyte None = -1, Terminal = 8, Orphan = 9;
    private const byte Free = 0, Source = 1, Sink = 2;

    private static readonly (int X, int Y)[] Neighbors = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (-1, 1), (1, -1)];

    private readonly int width, height, stride;
    private readonly int[] steps;

    // What can still flow: from each pixel in each direction (the opposite one differs in the last bit), and from the source to the pixel
    // (positive) or from it to the sink (negative).
    private readonly double[] residual, terminal;
    private readonly byte[] tree;
    private readonly sbyte[] parent;

    // How far a pixel was from its terminal when it was last looked at, and when that was.
    private readonly int[] distance, stamp;
    private readonly bool[] isActive;
    private readonly Queue<int> active = new(), orphans = new();
    private int time;

    /// <summary>A grid without capacities.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    public GridCut(int width, int height)
    {
        (this.width, this.height, stride) = (width, height, width + 2);
        int nodes = stride * (height + 2);
        steps = Array.ConvertAll(Neighbors, step => (step.Y * stride) + step.X);
        residual = new double[Directions * nodes];
        (terminal, tree, parent) = (new double[nodes], new byte[nodes], new sbyte[nodes]);
        (distance, stamp, isActive) = (new int[nodes], new int[nodes], new bool[nodes]);
        Array.Fill(parent, None);
    }

    /// <summary>What it costs to part a pixel from the source and from the sink.</summary>
    /// <param name="pixel">Its place, row after row.</param>
    /// <param name="source">May be negative, as the other: only the difference decides where the cut goes.</param>
    /// <param name="sink">As <paramref name="source"/>.</param>
    public void SetTerminals(int pixel, double source, double sink) => terminal[Node(pixel)] = source - sink;

    /// <summary>What it costs to part a pixel from a neighbor, either way.</summary>
    /// <param name="pixel">Its place.</param>
    /// <param name="x">How many columns further right the neighbor is: -1, 0 or 1.</param>
    /// <param name="y">How many rows further down. There is such a pixel.</param>
    /// <param name="capacity">At least 0.</param>
    public void SetEdge(int pixel, int x, int y, double capacity)
    {
        int node = Node(pixel), direction = Array.IndexOf(Neighbors, (x, y));
        residual[(Directions * node) + direction] = capacity;
        residual[(Directions * (node + steps[direction])) + (direction ^ 1)] = capacity;
    }

    /// <summary>For each pixel whether it stays with the source; pixels that either side could have do not.</summary>
    public bool[] Solve()
    {
        for (int node = 0; node < terminal.Length; node++)
        {
            if (terminal[node] != 0)
            {
                (tree[node], parent[node], distance[node]) = (terminal[node] > 0 ? Source : Sink, Terminal, 1);
                Activate(node);
            }
        }

        while (active.TryDequeue(out int node))
        {
            isActive[node] = false;
            while (tree[node] != Free && Grow(node) is var (from, direction) && direction >= 0)
            {
                time++;
                Fill(from, direction);
                while (orphans.TryDequeue(out int orphan))
                {
                    Adopt(orphan);
                }
            }
        }

        bool[] inside = new bool[width * height];
        for (int pixel = 0; pixel < inside.Length; pixel++)
        {
            inside[pixel] = tree[Node(pixel)] == Source;
        }

        return inside;
    }

    private int Node(int pixel) => (((pixel / width) + 1) * stride) + (pixel % width) + 1;

    private void Activate(int node)
    {
        if (!isActive[node])
        {
            isActive[node] = true;
            active.Enqueue(node);
        }
    }

    /// <summary>What can flow along an edge away from the terminal of the tree that a pixel is in.</summary>
    private double Outwards(int node, int direction) => tree[node] == Source
        ? residual[(Directions * node) + direction]
        : residual[(Directions * (node + steps[direction])) + (direction ^ 1)];

    /// <summary>Takes all free neighbors into a pixel's tree.</summary>
    /// <returns>The edge from the source's tree to the sink's where they meet; a direction below 0 where they do not.</returns>
    private (int From, int Direction) Grow(int node)
    {
        for (int direction = 0; direction < Directions; direction++)
        {
            if (Outwards(node, direction) <= 0)
            {
                continue;
            }

            int other = node + steps[direction];
            if (tree[other] == Free)
            {
                (tree[other], parent[other]) = (tree[node], (sbyte)(direction ^ 1));
                (distance[other], stamp[other]) = (distance[node] + 1, stamp[node]);
                Activate(other);
            }
            else if (tree[other] != tree[node])
            {
                return tree[node] == Source ? (node, direction) : (other, direction ^ 1);
            }
            else if (stamp[other] <= stamp[node] && distance[other] > distance[node])
            {
                // A shorter way to the terminal.
                (parent[other], distance[other], stamp[other]) = ((sbyte)(direction ^ 1), distance[node] + 1, stamp[node]);
            }
        }

        return (node, -1);
    }

    /// <summary>Sends along the path through an edge from the source's tree to the sink's as much as it takes.</summary>
    private void Fill(int from, int direction)
    {
        int middle = (Directions * from) + direction, to = from + steps[direction];
        double flow = residual[middle];
        int node = from;
        for (; parent[node] != Terminal; node += steps[parent[node]])
        {
            flow = Math.Min(flow, residual[(Directions * (node + steps[parent[node]])) + (parent[node] ^ 1)]);
        }

        flow = Math.Min(flow, terminal[node]);
        for (node = to; parent[node] != Terminal; node += steps[parent[node]])
        {
            flow = Math.Min(flow, residual[(Directions * node) + parent[node]]);
        }

        flow = Math.Min(flow, -terminal[node]);
        residual[middle] -= flow;
        residual[(Directions * to) + (direction ^ 1)] += flow;
        Push(from, flow, toSource: true);
        Push(to, flow, toSource: false);
    }

    private void Push(int node, double flow, bool toSource)
    {
        while (parent[node] != Terminal)
        {
            int up = parent[node], next = node + steps[up];
            int here = (Directions * node) + up, there = (Directions * next) + (up ^ 1);
            (int used, int freed) = toSource ? (there, here) : (here, there);
            residual[used] -= flow;
            residual[freed] += flow;
            if (residual[used] <= 0)
            {
                BecomeOrphan(node);
            }

            node = next;
        }

        terminal[node] += toSource ? -flow : flow;
        if (terminal[node] == 0)
        {
            BecomeOrphan(node);
        }
    }

    private void BecomeOrphan(int node)
    {
        parent[node] = Orphan;
        orphans.Enqueue(node);
    }

    /// <summary>Finds an orphan the parent that is nearest to the terminal; without any it becomes free, and its children
    /// orphans.</summary>
    private void Adopt(int node)
    {
        sbyte best = None;
        int least = int.MaxValue;
        for (int direction = 0; direction < Directions; direction++)
        {
            int other = node + steps[direction];
            if (tree[other] == tree[node] && Outwards(other, direction ^ 1) > 0 && ToTerminal(other) is var far && far < least)
            {
                (best, least) = ((sbyte)direction, far);
            }
        }

        parent[node] = best;
        if (best != None)
        {
            (stamp[node], distance[node]) = (time, least + 1);
            return;
        }

        for (int direction = 0; direction < Directions; direction++)
        {
            int other = node + steps[direction];
            if (tree[other] != tree[node])
            {
                continue;
            }

            if (Outwards(other, direction ^ 1) > 0)
            {
                Activate(other);
            }

            if (parent[other] == (direction ^ 1))
            {
                BecomeOrphan(other);
            }
        }

        tree[node] = Free;
    }

    /// <summary>How far a pixel is from its tree's terminal, and notes it on the way; the largest number where an orphan lies
    /// between.</summary>
    private int ToTerminal(int node)
    {
        int far = 0, at = node;
        while (stamp[at] != time)
        {
            if (parent[at] == Terminal)
            {
                (stamp[at], distance[at]) = (time, 1);
                break;
            }

            if (parent[at] is Orphan or None)
            {
                return int.MaxValue;
            }

            at += steps[parent[at]];
            far++;
        }

        far += distance[at];
        int all = far;
        for (at = node; stamp[at] != time; at += steps[parent[at]])
        {
            (stamp[at], distance[at]) = (time, far--);
        }

        return all;
    }
}
