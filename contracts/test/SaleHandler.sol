// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TerraLuminaOwnership} from "../TerraLuminaOwnership.sol";
import {TerraLuminaSale} from "../TerraLuminaSale.sol";
import {TestUsdc} from "../TestUsdc.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {ISaleTypes} from "../sale/ISaleTypes.sol";
import {SaleActors} from "./SaleWorld.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with two sales; it predicts what is refused and keeps the sums that the
/// contracts must agree with.
contract SaleHandler is SaleActors {
    uint256 public paidIn;
    uint256 public paidBack;
    uint256 public paidOut;
    bool private began;
    bool public paused;
    bool public hasRole = true;
    bytes32[] public ids;
    /// @dev The wallets in use, one for each buyer, and how many there were before.
    address[] private _wallets;
    uint160 private _relinked;
    /// @dev The first outcome of each sale, and what it must be.
    mapping(uint24 projectId => ISaleTypes.SaleState) public outcome;
    mapping(uint24 projectId => uint256) public unitsAtOutcome;

    /// @dev Deploys nothing: the runner recognises a contract by its code, which must not depend on linked libraries.
    constructor(SaleActors world) {
        (ledger, sale, currency, book) = (world.ledger(), world.sale(), world.currency(), world.book());
    }

    modifier told() {
        vm.recordLogs();
        _;
        book.read();
    }

    /// @dev Opens both sales; needs the administrator's role.
    function begin() external told {
        if (began) return;
        began = true;
        sale.openSale(FIRST, termsOf(7, 300, 5_000));
        ISaleTypes.SaleTerms memory terms = termsOf(2_500_000, 1_500, 3_000);
        terms.closesAt += 17 days;
        sale.openSale(SECOND, terms);
        for (uint256 i = 0; i < 5; ++i) _fund(buyerAt(i));
    }

    function idCount() external view returns (uint256) {
        return ids.length;
    }

    function commit(uint256 seed, uint24 projectId, uint56 units) external told {
        projectId = projectAt(projectId);
        units = 1 + units % 700;
        address buyer = walletAt(seed);
        bytes32 id = sale.investmentIdOf(projectId, buyer, bytes32(ids.length));
        bool allowed = _takes(projectId, buyer, units);
        vm.prank(buyer);
        try sale.commit(projectId, units, bytes32(ids.length)) returns (bytes32 given) {
            require(allowed && given == id, "a refused commitment went through");
            paidIn += sale.commitmentOf(id).amount;
            ids.push(id);
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "an allowed commitment was refused");
        }
    }

    function commitInFiat(uint256 seed, uint24 projectId, uint56 units) external told {
        projectId = projectAt(projectId);
        units = 1 + units % 700;
        address buyer = walletAt(seed);
        bytes32 id = keccak256(abi.encode(ids.length));
        ISaleTypes.Sale memory shown = sale.saleOf(projectId);
        bool allowed = _takes(projectId, buyer, units) && shown.openFiatUnits + units <= shown.terms.maxFiatUnits;
        bytes memory signature = attestedCommitment(projectId, id, buyer, units);
        vm.prank(MINTER);
        try sale.commitFiat(projectId, id, buyer, units, type(uint40).max, signature) {
            require(allowed, "a refused fiat commitment went through");
            ids.push(id);
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "an allowed fiat commitment was refused");
        }
    }

    function cancel(uint256 seed, uint256 callerSeed) external told {
        (bytes32 id, ISaleTypes.Commitment memory shown, ISaleTypes.Sale memory its) = _pick(seed);
        address caller = callerSeed % 3 == 0 ? walletAt(callerSeed) : shown.buyer;
        bool allowed = shown.state == ISaleTypes.CommitmentState.Open && shown.method == ISaleTypes.Method.Escrow
            && caller == shown.buyer && its.state == ISaleTypes.SaleState.Open
            && timeNow() < shown.cancellableUntil;
        vm.prank(caller);
        try sale.cancel(id) {
            require(allowed, "a refused cancellation went through");
            paidBack += shown.amount;
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "an allowed cancellation was refused");
        }
    }

    function withdrawInFiat(uint256 seed) external told {
        (bytes32 id, ISaleTypes.Commitment memory shown,) = _pick(seed);
        bool allowed =
            shown.state == ISaleTypes.CommitmentState.Open && shown.method == ISaleTypes.Method.Fiat && id != 0;
        bytes memory signature = signed(sale.hashOfFiatWithdrawal(id, type(uint40).max));
        try sale.withdrawFiat(id, type(uint40).max, signature) {
            require(allowed, "a refused withdrawal went through");
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "an allowed withdrawal was refused");
        }
    }

    function setRefundAddress(uint256 seed, uint256 toSeed) external told {
        vm.prank(buyerAt(seed));
        sale.setRefundAddress(toSeed % 2 == 0 ? address(0) : address(uint160(0xFACE + toSeed % 5)));
    }

    function announceEarlyClose(uint24 projectId, uint40 closesIn) external told {
        projectId = projectAt(projectId);
        ISaleTypes.Sale memory shown = sale.saleOf(projectId);
        uint256 closesAt = timeNow() + closesIn % 30 days;
        bool allowed = shown.state == ISaleTypes.SaleState.Open && shown.openUnits >= shown.terms.targetUnits
            && closesAt >= timeNow() + 7 days && closesAt >= uint256(shown.terms.opensAt) + 21 days
            && closesAt < shown.closesAt;
        try sale.announceEarlyClose(projectId, uint40(closesAt)) {
            require(allowed && sale.saleOf(projectId).closesAt == closesAt, "a wrong close was announced");
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "a close was not announced");
        }
    }

    function abandon(uint24 projectId, uint8 luck) external told {
        projectId = projectAt(projectId);
        ISaleTypes.Sale memory shown = sale.saleOf(projectId);
        if (luck % 64 != 7 || shown.state != ISaleTypes.SaleState.Open || timeNow() >= shown.closesAt) return;
        sale.abandonSale(projectId, "x");
        outcome[projectId] = ISaleTypes.SaleState.Failed;
    }

    /// @dev Waits for it now and then, or too few sales would ever be decided.
    function finalize(uint24 projectId, uint8 luck) external told {
        projectId = projectAt(projectId);
        ISaleTypes.Sale memory shown = sale.saleOf(projectId);
        bool open = shown.state == ISaleTypes.SaleState.Open && shown.openUnits >= shown.terms.targetUnits / 2;
        if (luck % 2 == 0 && open && timeNow() < shown.finalizableAt) vm.warp(shown.finalizableAt);
        bool allowed = shown.state == ISaleTypes.SaleState.Open && timeNow() >= shown.finalizableAt;
        try sale.finalize(projectId) returns (ISaleTypes.SaleState state) {
            require(allowed, "decided too early or twice");
            if (state == ISaleTypes.SaleState.Open) return;
            for (uint256 i = 0; i < ids.length; ++i) {
                ISaleTypes.Commitment memory commitment = sale.commitmentOf(ids[i]);
                bool escrowed = commitment.state == ISaleTypes.CommitmentState.Open
                    && commitment.method == ISaleTypes.Method.Escrow && commitment.projectId == projectId;
                require(!escrowed || commitment.cancellableUntil <= timeNow(), "a right to cancel was cut");
            }
            outcome[projectId] = state;
            unitsAtOutcome[projectId] = shown.openUnits;
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "not decided");
        }
    }

    function settle(uint24 projectId, uint256 seed) external told {
        projectId = projectAt(projectId);
        uint256 count;
        bytes32[] memory batch = new bytes32[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            if (sale.commitmentOf(ids[i]).projectId == projectId && seed >> i & 1 == 1) batch[count++] = ids[i];
        }
        bytes32[] memory list = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) list[i] = batch[i];
        bool allowed = sale.saleOf(projectId).state == ISaleTypes.SaleState.Succeeded && hasRole;
        bool minting = !paused && ledger.projectOf(projectId).state == ILedgerTypes.State.Active;
        uint256 expected = 0;
        for (uint256 i = 0; i < count; ++i) {
            ISaleTypes.Commitment memory shown = sale.commitmentOf(list[i]);
            if (shown.state != ISaleTypes.CommitmentState.Open) continue;
            // A mint of the same under a voucher is as good as one of its own; any other stands in its way.
            bool isFree = ledger.receiptOf(list[i]).units == 0;
            if (isFree ? minting && ledger.canReceive(walletOf(shown.buyer)) : isMinted(list[i])) expected |= 1 << i;
        }
        try sale.settle(projectId, list) returns (uint256 settled) {
            require(allowed && settled == expected, "settled");
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "not settled");
        }
    }

    /// @dev Neither the pause nor the lost role of the sale changes the answer.
    function refund(uint256 seed, bool many, uint8 luck) external told {
        (bytes32 id, ISaleTypes.Commitment memory shown, ISaleTypes.Sale memory its) = _pick(seed);
        if (luck % 8 == 0 && its.state == ISaleTypes.SaleState.Succeeded) vm.warp(its.finalizedAt + 90 days);
        bool allowed = shown.state == ISaleTypes.CommitmentState.Open
            && (its.state == ISaleTypes.SaleState.Failed
                || its.state == ISaleTypes.SaleState.Succeeded && timeNow() >= its.finalizedAt + 90 days);
        // Nobody gets the units and the money: what a voucher minted is settled instead.
        bool settles = allowed && its.state == ISaleTypes.SaleState.Succeeded && isMinted(id);
        allowed = allowed && !settles;
        bool done;
        if (many) {
            bytes32[] memory list = new bytes32[](2);
            (list[0], list[1]) = (id, id);
            done = sale.refundMany(list) == 1;
        } else {
            try sale.refund(id) returns (bool refunded) {
                require(refunded || settles, "neither refunded nor settled");
                done = refunded;
            } catch {
                vm.getRecordedLogs();
            }
        }
        require(done == allowed, "refund");
        require(!settles || sale.commitmentOf(id).state == ISaleTypes.CommitmentState.Settled, "not settled");
        if (done) paidBack += shown.amount;
    }

    function withdrawProceeds(uint24 projectId) external told {
        projectId = projectAt(projectId);
        uint256 due = sale.saleOf(projectId).proceeds;
        try sale.withdrawProceeds(projectId) returns (uint256 amount) {
            require(amount == due, "proceeds");
            paidOut += amount;
        } catch {
            vm.getRecordedLogs();
            require(due == 0, "not paid");
        }
    }

    function setEligibility(uint256 seed, uint8 luck) external told {
        _write(walletAt(seed), luck % 4 != 0);
    }

    /// @dev Under the id of a commitment that nobody was paid back: the same mint, or another in its place.
    function mintUnderVoucher(uint256 seed, uint8 luck) external told {
        (bytes32 id, ISaleTypes.Commitment memory shown,) = _pick(seed);
        if (luck % 3 != 0 || id == 0 || shown.state == ISaleTypes.CommitmentState.Refunded) return;
        bool isFree = ledger.receiptOf(id).units == 0;
        if (!isFree) return;
        uint56 units = luck % 4 == 0 ? shown.units + 1 : shown.units;
        address investor = luck % 5 == 0 ? walletAt(seed / 7) : walletOf(shown.buyer);
        bool allowed = !paused && ledger.projectOf(shown.projectId).state == ILedgerTypes.State.Active
            && ledger.canReceive(investor);
        require(mintByVoucher(shown.projectId, id, investor, units) == allowed, "mint under a voucher");
    }

    /// @dev Commitments stay under the address that made them; units go where the investor is today.
    function relink(uint256 seed) external told {
        if (_relinked >= 6 || seed % 3 != 0) return;
        address from = walletAt(seed);
        address to = address(0xB0BB000 + _relinked++);
        ILedgerTypes.Account memory record = ledger.accountOf(from);
        record.flags = 3;
        ledger.relinkWallet(from, to, record);
        uint256[] memory projects = new uint256[](2);
        (projects[0], projects[1]) = (FIRST, SECOND);
        ledger.moveHoldings(from, projects);
        _wallets[seed % 5] = to;
        _fund(to);
    }

    function disturbLedger(uint8 luck) external told {
        bool pause = luck % 4 == 0;
        if (pause && !paused) ledger.pause();
        if (!pause && paused) ledger.unpause();
        paused = pause;
        hasRole = luck % 16 != 1;
        ledger.setRole(address(sale), hasRole ? ILedgerTypes.Role.Sale : ILedgerTypes.Role.None);
        for (uint24 projectId = FIRST; hasRole && projectId <= SECOND; ++projectId) {
            bool allowed = outcome[projectId] != ISaleTypes.SaleState.None
                && ledger.projectOf(projectId).state == ILedgerTypes.State.Funding;
            try sale.reportOutcome(projectId) {
                require(allowed, "reported what the ledger knows");
            } catch {
                require(!allowed, "not reported");
            }
        }
    }

    function wait_(uint32 time) external {
        vm.warp(timeNow() + time % 12 days);
    }

    function projectAt(uint24 seed) public pure returns (uint24) {
        return seed % 2 == 0 ? FIRST : SECOND;
    }

    function walletAt(uint256 seed) public view returns (address) {
        return _wallets.length == 0 ? buyerAt(seed) : _wallets[seed % 5];
    }

    function walletOf(address buyer) public view returns (address wallet) {
        wallet = buyer;
        while (ledger.successorOf(wallet) != address(0)) wallet = ledger.successorOf(wallet);
    }

    /// @dev Whether the ledger has the very units of the commitment, for whoever the buyer is today.
    function isMinted(bytes32 id) public view returns (bool) {
        ISaleTypes.Commitment memory shown = sale.commitmentOf(id);
        ILedgerTypes.Receipt memory receipt = ledger.receiptOf(id);
        return receipt.units != 0 && receipt.units == shown.units && receipt.projectId == shown.projectId
            && walletOf(receipt.investor) == walletOf(shown.buyer);
    }

    function _fund(address buyer) private {
        if (_wallets.length < 5) _wallets.push(buyer);
        currency.mint(buyer, 1e18);
        vm.prank(buyer);
        currency.approve(address(sale), type(uint256).max);
    }

    function _write(address buyer, bool eligible) private {
        ILedgerTypes.Account memory record = ledger.accountOf(buyer);
        record.flags = eligible ? 3 : 0;
        ledger.setAccount(buyer, record);
    }

    function _takes(uint24 projectId, address buyer, uint56 units) private view returns (bool) {
        ISaleTypes.Sale memory shown = sale.saleOf(projectId);
        return shown.state == ISaleTypes.SaleState.Open && timeNow() < shown.closesAt
            && shown.openUnits + units <= shown.terms.hardCapUnits && ledger.canReceive(buyer);
    }

    function _pick(uint256 seed)
        private
        view
        returns (bytes32 id, ISaleTypes.Commitment memory shown, ISaleTypes.Sale memory its)
    {
        if (ids.length == 0) return (id, shown, its);
        id = ids[seed % ids.length];
        shown = sale.commitmentOf(id);
        its = sale.saleOf(shown.projectId);
    }
}
